//! The types that the tools of every form share: nested, documented, renamed. What derives the schema is put in or
//! taken out by the generator.

/// How urgent it is.
#[derive(Schema)]
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// It can wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Somebody waits for it.
    VeryHigh,
}

/// A currency that is taken.
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
    /// In hundredths.
    pub amount: i64,
    pub currency: Currency,
}

/// Where somebody lives.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// With the number of the house.
    pub street_name: String,
    pub city: String,
    /// Where the country has them.
    pub postal_code: Option<String>,
    /// Two letters, for instance "NO".
    #[serde(rename = "country")]
    pub country_code: String,
}

/// Somebody who can be reached.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contact {
    /// First and last name.
    pub name: String,
    pub email: Option<String>,
    /// With the country's prefix.
    #[serde(default)]
    pub phones: Vec<String>,
    pub address: Address,
}

/// From a day to a day.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day, as in "2026-01-31".
    pub from: String,
    /// The last day; open when there is none.
    pub until: Option<String>,
}

/// How it is paid.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Payment {
    /// In notes and coins.
    Cash,
    /// By card.
    Card {
        /// The number on the card.
        number: String,
        owner: Contact,
    },
    /// Between banks.
    Transfer { iban: String, amount: Money },
}

/// A thing that is sold.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Item {
    /// Number in the stock.
    pub sku: String,
    pub count: u32,
    /// Of one piece.
    pub price: Money,
    #[serde(default)]
    pub tags: Vec<String>,
}

/// A thing that is sent.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Parcel {
    /// In kilograms.
    pub weight: f64,
    pub recipient: Contact,
    pub contents: Vec<Item>,
    /// Whether it breaks.
    pub fragile: bool,
}

/// Something that was ordered.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// As printed on the invoice.
    pub order_id: u64,
    pub items: Vec<Item>,
    pub customer: Contact,
    pub paid_by: Payment,
    /// How fast it goes out.
    pub priority: Priority,
}

/// A part of a long list.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// How many are left out.
    pub offset: u32,
    pub limit: u32,
}

/// Which ones.
#[derive(Schema)]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// All of them.
    All,
    /// With this text.
    Text(String),
    /// Of this time.
    Within(Period),
    /// Up to this price.
    Under(Money),
}
