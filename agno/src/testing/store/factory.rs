//! The trait that gives the suite access to a kind of store, and its dyn-compatible form, with which each case is compiled
//! only once.

use std::future::Future;

use futures_util::future::BoxFuture;

use super::TestClock;
use crate::store::{DynSessionStore, Result, SessionKey, SessionStore, StoreLimits, Version};

/// Creates the stores on which the cases run.
///
/// The optional methods return `None` by default, and the cases that require them are skipped.
pub trait StoreFactory: Send + Sync {
    /// The store.
    type Store: SessionStore + 'static;

    /// The location of a store's data, such as a temporary directory. Dropping it deletes the data.
    type Data: Send + Sync;

    /// Creates a location without data.
    ///
    /// # Errors
    ///
    /// Returns an error if this is not possible; the case then fails.
    fn create(&self) -> impl Future<Output = Result<Self::Data>> + Send;

    /// Opens the store with this data. No other store with the same data is open.
    ///
    /// # Errors
    ///
    /// Returns the error of the store.
    fn open(
        &self,
        data: &Self::Data,
        limits: StoreLimits,
        clock: TestClock,
    ) -> impl Future<Output = Result<Self::Store>> + Send;

    /// Opens a second store with the same data while the first is in use, as another process would. It shares no memory with
    /// the first, and has its own [`SessionLocks`](crate::store::SessionLocks).
    ///
    /// For most stores that keep their data outside the process, this is the same as [`open`](Self::open).
    fn open_again(
        &self,
        data: &Self::Data,
        limits: StoreLimits,
        clock: TestClock,
    ) -> impl Future<Output = Option<Result<Self::Store>>> + Send {
        drop((data, limits, clock));
        async { None }
    }

    /// Opens the store with its data again, after the store that wrote the data was dropped.
    ///
    /// For most stores that keep their data outside the process, this is the same as [`open`](Self::open).
    fn reopen(
        &self,
        data: &Self::Data,
        limits: StoreLimits,
        clock: TestClock,
    ) -> impl Future<Output = Option<Result<Self::Store>>> + Send {
        drop((data, limits, clock));
        async { None }
    }

    /// Damages the stored bytes of the entry with this version of a session, for instance by changing a byte of its body.
    fn damage(
        &self,
        data: &Self::Data,
        key: &SessionKey,
        version: Version,
    ) -> impl Future<Output = Option<Result<()>>> + Send {
        let _ = (data, key, version);
        async { None }
    }

    /// Returns all bytes of the store's files, in which the suite searches for texts that were erased.
    fn raw_bytes(&self, data: &Self::Data) -> impl Future<Output = Option<Result<Vec<u8>>>> + Send {
        let _ = data;
        async { None }
    }
}

/// The dyn-compatible form of [`StoreFactory`].
pub(super) trait AnyFactory: Send + Sync {
    fn create(&self) -> BoxFuture<'_, Result<Box<dyn AnyData + '_>>>;
}

impl<F: StoreFactory> AnyFactory for F {
    fn create(&self) -> BoxFuture<'_, Result<Box<dyn AnyData + '_>>> {
        Box::pin(async move {
            let data = StoreFactory::create(self).await?;
            let located: Box<dyn AnyData + '_> = Box::new(Located { factory: self, data });
            Ok(located)
        })
    }
}

/// A factory and the data of one of its stores.
pub(super) trait AnyData: Send + Sync {
    fn open(&self, limits: StoreLimits, clock: TestClock) -> BoxFuture<'_, Result<DynSessionStore>>;
    fn open_again(
        &self,
        limits: StoreLimits,
        clock: TestClock,
    ) -> BoxFuture<'_, Option<Result<DynSessionStore>>>;
    fn reopen(&self, limits: StoreLimits, clock: TestClock)
    -> BoxFuture<'_, Option<Result<DynSessionStore>>>;
    fn damage<'a>(&'a self, key: &'a SessionKey, version: Version) -> BoxFuture<'a, Option<Result<()>>>;
    fn raw_bytes(&self) -> BoxFuture<'_, Option<Result<Vec<u8>>>>;
}

struct Located<'f, F: StoreFactory> {
    factory: &'f F,
    data: F::Data,
}

impl<F: StoreFactory> AnyData for Located<'_, F> {
    fn open(&self, limits: StoreLimits, clock: TestClock) -> BoxFuture<'_, Result<DynSessionStore>> {
        Box::pin(async move {
            let store = self.factory.open(&self.data, limits, clock).await?;
            Ok(DynSessionStore::new(store))
        })
    }

    fn open_again(
        &self,
        limits: StoreLimits,
        clock: TestClock,
    ) -> BoxFuture<'_, Option<Result<DynSessionStore>>> {
        Box::pin(async move {
            let store = self.factory.open_again(&self.data, limits, clock).await?;
            Some(store.map(DynSessionStore::new))
        })
    }

    fn reopen(
        &self,
        limits: StoreLimits,
        clock: TestClock,
    ) -> BoxFuture<'_, Option<Result<DynSessionStore>>> {
        Box::pin(async move {
            let store = self.factory.reopen(&self.data, limits, clock).await?;
            Some(store.map(DynSessionStore::new))
        })
    }

    fn damage<'a>(&'a self, key: &'a SessionKey, version: Version) -> BoxFuture<'a, Option<Result<()>>> {
        Box::pin(self.factory.damage(&self.data, key, version))
    }

    fn raw_bytes(&self) -> BoxFuture<'_, Option<Result<Vec<u8>>>> {
        Box::pin(self.factory.raw_bytes(&self.data))
    }
}
