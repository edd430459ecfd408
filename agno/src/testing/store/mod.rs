//! The tests that every [`SessionStore`](crate::store::SessionStore) must pass.
//!
//! [`check`] runs all cases, each on an empty store that a [`StoreFactory`] creates, and returns a [`Report`]. A store that
//! keeps its data outside the process implements the optional methods of the factory as well; the report names the cases that
//! were skipped because one of them is missing.
//!
//! ```
//! use agno::store::{MemoryStore, Result, SessionLocks, StoreLimits};
//! use agno::testing::store::{StoreFactory, TestClock, check};
//!
//! struct InMemory;
//!
//! impl StoreFactory for InMemory {
//!     type Store = MemoryStore;
//!     type Data = MemoryStore; // A store on disk has the path of a temporary directory here.
//!
//!     async fn create(&self) -> Result<MemoryStore> {
//!         Ok(MemoryStore::new())
//!     }
//!
//!     async fn open(&self, data: &MemoryStore, limits: StoreLimits, clock: TestClock) -> Result<MemoryStore> {
//!         Ok(data.clone().with_limits(limits).with_clock(clock))
//!     }
//!
//!     async fn open_again(
//!         &self,
//!         data: &MemoryStore,
//!         limits: StoreLimits,
//!         clock: TestClock,
//!     ) -> Option<Result<MemoryStore>> {
//!         let store = data.clone().with_limits(limits).with_clock(clock);
//!         Some(Ok(store.with_locks(SessionLocks::new())))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let report = check(&InMemory).await;
//! println!("{report}");
//! report.assert_passed();
//! # }
//! ```
//!
//! Use a runtime with several threads (`#[tokio::test(flavor = "multi_thread")]`), so that concurrent operations overlap.

mod cases;
mod clock;
mod factory;
mod fixture;
mod report;
mod runner;

pub use clock::TestClock;
pub use factory::StoreFactory;
pub use report::{Capability, CaseOutcome, CaseReport, Report};
pub use runner::check;
