//! An agent with dependencies: its fields borrow from the program, its methods are tools, and creating it does not allocate, so
//! a service can create an agent for each incoming request.
//!
//! `cargo run --example toolkit` uses a scripted model. If `AGNO_MODEL` or `OPENAI_API_KEY` is set, a real model decides which tools
//! to call.

use std::collections::BTreeMap;
use std::sync::Mutex;

use agno::model::ScriptedModel;
use agno::prelude::*;
use agno_examples::{model_or, show};

/// The shop's orders, in place of a database.
struct Orders(Mutex<BTreeMap<u64, Order>>);

#[derive(Clone, Serialize)]
struct Order {
    customer: &'static str,
    article: &'static str,
    cents: u32,
    refunded: bool,
}

/// Helps customers of the shop.
#[agent(
    instructions = "You help {customer}, a customer of the shop. Use the tools for facts.",
    tools = [self, self.calendar],
)]
struct Support<'a> {
    orders: &'a Orders,
    customer: &'a str,
    calendar: Calendar,
}

#[toolkit]
impl Support<'_> {
    /// Finds one of the customer's orders.
    #[tool(read_only)]
    async fn order(
        &self,
        /// Order number, as printed on the invoice.
        id: u64,
    ) -> Result<Order, String> {
        self.find(id)
    }

    /// Refunds an order.
    #[tool(destructive)]
    async fn refund(
        &self,
        /// Order number, as printed on the invoice.
        id: u64,
    ) -> Result<String, String> {
        self.find(id)?;
        let mut orders = self
            .orders
            .0
            .lock()
            .map_err(|_| "the orders cannot be changed at the moment")?;
        match orders.get_mut(&id) {
            Some(order) if order.refunded => Err(format!("order {id} is already refunded")),
            Some(order) => {
                order.refunded = true;
                Ok(format!("refunded {} cents to {}", order.cents, order.customer))
            }
            None => Err(format!("order {id} does not exist")),
        }
    }

    /// Finds an order, if it belongs to this customer. The method has no `#[tool]`, so the model cannot call it.
    fn find(&self, id: u64) -> Result<Order, String> {
        let orders = self
            .orders
            .0
            .lock()
            .map_err(|_| "the orders cannot be read at the moment")?;
        let order = orders
            .get(&id)
            .filter(|order| order.customer == self.customer)
            .cloned();
        order.ok_or_else(|| format!("this customer has no order {id}"))
    }
}

/// A separate toolkit that any agent can have as a field.
struct Calendar {
    today: &'static str,
}

#[toolkit]
impl Calendar {
    /// Returns today's date.
    #[tool(read_only)]
    fn today(&self) -> &'static str {
        self.today
    }
}

#[tokio::main]
async fn main() -> agno::Result<()> {
    let order = |customer, article, cents| Order {
        customer,
        article,
        cents,
        refunded: false,
    };
    let orders = Orders(Mutex::new(BTreeMap::from([
        (7, order("Ada", "difference engine", 1_700_000)),
        (8, order("Charles", "brass polish", 450)),
    ])));

    let model = model_or(|| {
        ScriptedModel::new()
            .calls([
                ("order", r#"{"id":7}"#),
                ("order", r#"{"id":8}"#),
                ("today", "{}"),
            ])
            .call("refund", r#"{"id":7}"#)
            .reply("Your engine is refunded. Order 8 is not yours, so I cannot give you details.")
    })?;

    // A service would create such an agent, which borrows from the program, for each incoming request.
    let agent = Support {
        orders: &orders,
        customer: "Ada",
        calendar: Calendar { today: "1843-07-10" },
    }
    .with(&model);
    let question = "What are orders 7 and 8, and can you refund number 7 today?";
    println!("{question}");
    show(&agent.run(question).await?);
    Ok(())
}
