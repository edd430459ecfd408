//! Stores whose type is known only at run time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{
    Append, Entry, Lease, LeaseToken, Need, OpenedSession, Page, Pruned, Removed, Result, Retention,
    SessionKey, SessionLocks, SessionPage, SessionStore, Summary, Version,
};
use crate::session::Owner;

/// A type-erased store of sessions. Clones share the store.
///
/// ```
/// use agno::store::{DynSessionStore, FileStore, MemoryStore, Result};
///
/// async fn open(directory: Option<&str>) -> Result<DynSessionStore> {
///     Ok(match directory {
///         Some(directory) => DynSessionStore::new(FileStore::open(directory).await?),
///         None => DynSessionStore::new(MemoryStore::new()),
///     })
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<()> {
/// # open(None).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DynSessionStore(Arc<dyn AnyStore>);

impl DynSessionStore {
    /// Erases the type of a store.
    pub fn new(store: impl SessionStore + 'static) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for DynSessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DynSessionStore")
    }
}

/// Declares the dyn-compatible form of [`SessionStore`], forwards in both directions, and implements the trait for pointers.
macro_rules! forward {
    ($(fn $name:ident($($argument:ident: [$($ty:tt)*] [$($borrowed:tt)*]),*) -> $output:ty;)+) => {
        trait AnyStore: Send + Sync {
            fn locks(&self) -> &SessionLocks;
            $(fn $name<'a>(&'a self $(, $argument: $($borrowed)*)*) -> BoxFuture<'a, $output>;)+
        }

        impl<S: SessionStore> AnyStore for S {
            fn locks(&self) -> &SessionLocks {
                SessionStore::locks(self)
            }

            $(fn $name<'a>(&'a self $(, $argument: $($borrowed)*)*) -> BoxFuture<'a, $output> {
                Box::pin(SessionStore::$name(self $(, $argument)*))
            })+
        }

        impl SessionStore for DynSessionStore {
            fn locks(&self) -> &SessionLocks {
                self.0.locks()
            }

            $(async fn $name(&self $(, $argument: $($ty)*)*) -> $output {
                self.0.$name($($argument),*).await
            })+
        }

        impl<S: SessionStore + ?Sized> SessionStore for &S {
            fn locks(&self) -> &SessionLocks {
                (**self).locks()
            }

            $(async fn $name(&self $(, $argument: $($ty)*)*) -> $output {
                (**self).$name($($argument),*).await
            })+
        }

        impl<S: SessionStore + ?Sized> SessionStore for Arc<S> {
            fn locks(&self) -> &SessionLocks {
                (**self).locks()
            }

            $(async fn $name(&self $(, $argument: $($ty)*)*) -> $output {
                (**self).$name($($argument),*).await
            })+
        }
    };
}

// Each argument has its type in the trait, and the type with a named lifetime.
forward! {
    fn open(key: [&SessionKey] [&'a SessionKey], need: [Need] [Need]) -> Result<OpenedSession>;
    fn append(
        key: [&SessionKey] [&'a SessionKey], append: [Append] [Append], entry: [Entry] [Entry]
    ) -> Result<Version>;
    fn summarize(key: [&SessionKey] [&'a SessionKey], summary: [Summary] [Summary]) -> Result<()>;
    fn list(owner: [&Owner] [&'a Owner], page: [Page] [Page]) -> Result<SessionPage>;
    fn search(owner: [&Owner] [&'a Owner], text: [&str] [&'a str], page: [Page] [Page]) -> Result<SessionPage>;
    fn fork(
        key: [&SessionKey] [&'a SessionKey], through: [Version] [Version], new_id: [&str] [&'a str]
    ) -> Result<()>;
    fn rename(key: [&SessionKey] [&'a SessionKey], title: [Option<&str>] [Option<&'a str>]) -> Result<()>;
    fn delete(key: [&SessionKey] [&'a SessionKey]) -> Result<bool>;
    fn erase(owner: [&Owner] [&'a Owner]) -> Result<Removed>;
    fn prune(owner: [&Owner] [&'a Owner], retention: [Retention] [Retention]) -> Result<Pruned>;
    fn lease(key: [&SessionKey] [&'a SessionKey], duration: [Duration] [Duration]) -> Result<Lease>;
    fn renew(
        key: [&SessionKey] [&'a SessionKey], token: [LeaseToken] [LeaseToken], duration: [Duration] [Duration]
    ) -> Result<Lease>;
    fn release(key: [&SessionKey] [&'a SessionKey], token: [LeaseToken] [LeaseToken]) -> Result<()>;
}
