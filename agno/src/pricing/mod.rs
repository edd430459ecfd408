//! Prices of models: the cost of requests in US dollars, from a dated price list that a program can extend.

mod price;
mod table;

pub use price::Price;
pub use table::PriceTable;
