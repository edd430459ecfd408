//! Model prices and the cost of requests in US dollars, based on a dated price list that a program can extend.

mod meter;
mod price;
mod published;
mod table;

pub use meter::{Cost, CostMeter, ModelCost};
pub use price::Price;
pub use table::PriceTable;
