//! The suite of tests for stores, applied to the store in memory.

use agno::store::{MemoryStore, Result, SessionLocks, StoreLimits};
use agno::testing::store::{StoreFactory, TestClock, check};

struct InMemory;

impl StoreFactory for InMemory {
    type Store = MemoryStore;
    type Data = MemoryStore;

    async fn create(&self) -> Result<MemoryStore> {
        Ok(MemoryStore::new())
    }

    async fn open(&self, data: &MemoryStore, limits: StoreLimits, clock: TestClock) -> Result<MemoryStore> {
        Ok(data.clone().with_limits(limits).with_clock(clock))
    }

    async fn open_again(
        &self,
        data: &MemoryStore,
        limits: StoreLimits,
        clock: TestClock,
    ) -> Option<Result<MemoryStore>> {
        let store = self.open(data, limits, clock).await;
        Some(store.map(|store| store.with_locks(SessionLocks::new())))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_memory_passes_the_suite() {
    let report = check(&InMemory).await;
    println!("{report}");
    report.assert_passed();
}
