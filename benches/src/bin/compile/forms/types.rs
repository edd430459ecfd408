//! Types that the tools of every form share. They are nested and documented, and some rename their fields. The generator
//! keeps, replaces or removes `derive(Schema)`, depending on the form.

/// Urgency of an order.
#[derive(Schema)]
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Not urgent.
    Low,
    /// Usual handling.
    #[default]
    Normal,
    /// The customer is waiting.
    VeryHigh,
}

/// An accepted currency.
#[derive(Schema)]
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    #[default]
    Eur,
    Usd,
    Gbp,
}

/// An amount of money.
#[derive(Schema)]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Money {
    /// Amount in hundredths.
    pub amount: i64,
    pub currency: Currency,
}

/// A postal address.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Street and house number.
    pub street_name: String,
    pub city: String,
    /// Postal code, in countries that use one.
    pub postal_code: Option<String>,
    /// Two-letter country code, for instance "NO".
    #[serde(rename = "country")]
    pub country_code: String,
}

/// A person to contact.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contact {
    /// First and last name.
    pub name: String,
    pub email: Option<String>,
    /// Phone numbers with country prefix.
    #[serde(default)]
    pub phones: Vec<String>,
    pub address: Address,
}

/// A period of days.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day, as in "2026-01-31".
    pub from: String,
    /// Last day, or none if the period is open.
    pub until: Option<String>,
}

/// A method of payment.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Payment {
    /// Payment in cash.
    Cash,
    /// Payment by card.
    Card {
        /// Card number.
        number: String,
        owner: Contact,
    },
    /// Bank transfer.
    Transfer { iban: String, amount: Money },
}

/// A line of an order.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
    /// Stock-keeping unit.
    pub sku: String,
    pub count: u32,
    /// Price per unit.
    pub price: Money,
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A parcel to send.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parcel {
    /// Weight in kilograms.
    pub weight: f64,
    pub recipient: Contact,
    pub contents: Vec<Item>,
    /// `true` if the contents break easily.
    pub fragile: bool,
}

/// A customer's order.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Number printed on the invoice.
    pub order_id: u64,
    pub items: Vec<Item>,
    pub customer: Contact,
    pub paid_by: Payment,
    /// Priority of the shipment.
    pub priority: Priority,
}

/// A page of a long list.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// Number of entries to skip.
    pub offset: u32,
    pub limit: u32,
}

/// A condition that entries must meet.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// All entries.
    All,
    /// Entries that contain this text.
    Text(String),
    /// Entries in this period.
    Within(Period),
    /// Entries up to this price.
    Under(Money),
}
