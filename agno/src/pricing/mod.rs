//! Model prices and the cost of requests in US dollars, based on a dated price list that a program can extend.

mod price;
mod published;
mod table;

pub use price::Price;
pub use table::PriceTable;
