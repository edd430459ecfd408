//! Prices: the cost of requests in US dollars, from dated lists that a program can extend.

mod price;
mod table;

pub use price::Price;
pub use table::PriceTable;
