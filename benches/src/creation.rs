//! Cost of creating an agent from its declaration. Each agent is dropped immediately, so times include the drop.

use std::hint::black_box;
use std::sync::Arc;

use agno::model::{DynModel, Serves};
use agno::prelude::*;
use agno::tool::{DynTool, DynTools};
use serde_json::json;

use crate::agents::{Bare, BareByHand, ByHand, Dynamic, Static, dynamic_agent};
use crate::model::Mock;
use crate::{Case, Work, numbered, orders};

pub(crate) const CASES: &[Case] = &[
    Case::new("create, bare", "static", || created(|| Bare)),
    Case::new("create, bare", "by hand", || created(|| BareByHand)),
    Case::new("create, bare", "dynamic", || {
        created_dynamic(|| Ok(DynTools::new()))
    }),
    Case::new("create, 1 tool", "static", || created(|| Static)),
    Case::new("create, 1 tool", "by hand", || created(|| ByHand)),
    Case::new("create, 1 tool", "dynamic", || {
        let model = Mock::TEXT.erase();
        Work::new(move || {
            let _ = black_box(dynamic_agent(black_box(&model)));
        })
    }),
    Case::new("create, 10 tools", "static", || created(|| orders::ten::Static)),
    Case::new("create, 10 tools", "by hand", || created(|| numbered::TenByHand)),
    Case::new("create, 10 tools", "dynamic", || {
        created_dynamic(|| orders::dynamic(10))
    }),
    Case::new("create, 100 tools", "static", || {
        created(|| orders::hundred::Static)
    }),
    Case::new("create, 100 tools", "by hand", || {
        created(|| numbered::HundredByHand)
    }),
    Case::new("create, 100 tools", "dynamic", || {
        created_dynamic(|| orders::dynamic(100))
    }),
    Case::new("create, with memory", "static", || {
        Work::new(|| {
            let agent = black_box(Static).with(black_box(&Mock::TEXT));
            black_box((agent, Session::new(Owner::shared())));
        })
    }),
    Case::new("create, with memory", "dynamic", || {
        let model = Mock::TEXT.erase();
        Work::new(move || {
            let agent = dynamic_agent(black_box(&model));
            let _ = black_box((agent, Session::new(Owner::shared())));
        })
    }),
    Case::new("create, with dependencies", "static", || {
        let (customer, shop) = (String::from("Ada Lovelace"), Shop::open());
        Work::new(move || {
            let support = Support {
                customer: black_box(&customer),
                shop: black_box(&shop),
            };
            black_box(support.with(black_box(&Mock::TEXT)));
        })
    }),
    Case::new("create, with dependencies", "dynamic", || {
        let (customer, shop) = (String::from("Ada Lovelace"), Arc::new(Shop::open()));
        let model = Mock::TEXT.erase();
        Work::new(move || {
            let _ = black_box(dynamic_support(
                black_box(&customer),
                black_box(&shop),
                black_box(&model),
            ));
        })
    }),
    Case::new("create, each of 1,000", "static", || {
        Work::new(|| {
            let agents = (0..1000).map(|_| black_box(Static).with(black_box(&Mock::TEXT)));
            black_box(agents.collect::<Vec<_>>());
        })
    })
    .with_operations(1000),
    Case::new("create, each of 1,000", "by hand", || {
        Work::new(|| {
            let agents = (0..1000).map(|_| black_box(ByHand).with(black_box(&Mock::TEXT)));
            black_box(agents.collect::<Vec<_>>());
        })
    })
    .with_operations(1000),
    Case::new("create, each of 1,000", "dynamic", || {
        let model = Mock::TEXT.erase();
        Work::new(move || {
            let agents = (0..1000).map(|_| dynamic_agent(black_box(&model)));
            black_box(agents.collect::<Vec<_>>());
        })
    })
    .with_operations(1000),
];

/// Creates agents from this declaration with an existing model.
fn created<D: Declared + 'static>(make: fn() -> D) -> Work
where
    &'static Mock: Serves<D::Needs>,
{
    Work::new(move || {
        black_box(black_box(make()).with(black_box(&Mock::TEXT)));
    })
}

fn created_dynamic(tools: fn() -> agno::Result<DynTools>) -> Work {
    let model = Mock::TEXT.erase();
    Work::new(move || {
        let agent = tools().map(|tools| Dynamic { tools }.with(black_box(&model).clone()));
        let _ = black_box(agent);
    })
}

/// A dependency of the support agents.
#[derive(Debug)]
struct Shop {
    orders: Vec<(u64, String)>,
}

impl Shop {
    fn open() -> Self {
        let orders = vec![(7, String::from("a book"))];
        Self { orders }
    }

    fn order(&self, id: u64) -> Option<&str> {
        let found = self.orders.iter().find(|(order, _)| *order == id);
        found.map(|(_, name)| name.as_str())
    }
}

#[toolkit]
impl Shop {
    /// Finds an order.
    #[tool]
    async fn find_order(&self, id: u64) -> Option<&str> {
        self.order(id)
    }
}

/// Helps a customer; borrows its dependencies.
#[agent(instructions = "Help {customer}.", tools = [self.shop])]
struct Support<'a> {
    customer: &'a str,
    shop: &'a Shop,
}

/// Helps a customer; owns or shares its dependencies, since boxed tools are `'static`.
#[agent(instructions = "Help {customer}.", tools = [self.tools])]
struct DynamicSupport {
    customer: String,
    tools: DynTools,
}

fn dynamic_support(
    customer: &str,
    shop: &Arc<Shop>,
    model: &DynModel,
) -> agno::Result<Agent<DynamicSupport, DynModel>> {
    let schema = json!({
        "type": "object",
        "properties": {"id": {"type": "integer", "minimum": 0}},
        "required": ["id"],
        "additionalProperties": false,
    });
    let shop = Arc::clone(shop);
    let find = DynTool::from_fn("find_order", "Finds an order.", schema, move |args, _run| {
        let shop = Arc::clone(&shop);
        async move {
            Ok(shop
                .order(args["id"].as_u64().unwrap_or_default())
                .map(str::to_owned))
        }
    })?;
    let support = DynamicSupport {
        customer: customer.to_owned(),
        tools: DynTools::new().with_tool(find)?,
    };
    Ok(support.with(model.clone()))
}
