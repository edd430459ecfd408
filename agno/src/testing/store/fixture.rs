//! Tools for the cases: the store under test, and checks that return a failure.

use std::fmt::{self, Debug};
use std::panic::Location;

use futures_util::future::{BoxFuture, join_all};
use tokio::runtime::Handle;

use super::factory::{AnyData, AnyFactory};
use super::{Capability, TestClock};
use crate::message::Message;
use crate::model::Usage;
use crate::run::RunId;
use crate::session::{Owner, Segment};
use crate::store::{
    Append, DynSessionStore, Entry, Need, OpenedSession, Page, SessionKey, SessionStore, StoreError,
    StoreErrorKind, StoreLimits, StoredEntry, Version,
};

/// A case of the suite.
pub(super) struct Case {
    pub(super) group: &'static str,
    pub(super) name: &'static str,
    pub(super) run: for<'a> fn(&'a Suite<'a>) -> BoxFuture<'a, CaseResult>,
}

/// Declares the cases of a group. Their names are the names of the functions.
macro_rules! cases {
    ($group:literal: $($name:ident),+ $(,)?) => {
        pub(super) const CASES: &[crate::testing::store::fixture::Case] = &[$(
            crate::testing::store::fixture::Case {
                group: $group,
                name: stringify!($name),
                run: |suite| Box::pin($name(suite)),
            }
        ),+];
    };
}
pub(super) use cases;

pub(super) type CaseResult<T = ()> = Result<T, Stop>;

/// The reason why a case ends early.
pub(super) enum Stop {
    Failed(String),
    Skipped(Capability),
}

/// Maximum number of characters of a value in a failure, because entries can be large.
const MAX_SHOWN: usize = 300;

impl Stop {
    #[track_caller]
    pub(super) fn failed(message: impl fmt::Display) -> Self {
        let at = Location::caller();
        Self::Failed(format!("{message} ({}:{})", at.file(), at.line()))
    }
}

impl From<StoreError> for Stop {
    #[track_caller]
    fn from(error: StoreError) -> Self {
        Self::failed(format_args!(
            "an operation failed: {} ({:?})",
            shortened(error.to_string()),
            error.kind()
        ))
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}

/// Fails unless a condition holds. The text describes the requirement.
#[track_caller]
pub(super) fn ensure(condition: bool, requirement: impl fmt::Display) -> CaseResult {
    if condition {
        Ok(())
    } else {
        Err(Stop::failed(requirement))
    }
}

/// Fails unless two values are equal. The text describes the first value.
#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the arguments are temporary values, as those of `assert_eq!`"
)]
pub(super) fn ensure_eq<A, B>(actual: A, expected: B, noun: impl fmt::Display) -> CaseResult
where
    A: PartialEq<B> + Debug,
    B: Debug,
{
    if actual == expected {
        return Ok(());
    }
    let expected = shortened(format!("{expected:?}"));
    let actual = shortened(format!("{actual:?}"));
    Err(Stop::failed(format_args!(
        "{noun}: expected {expected}, got {actual}"
    )))
}

/// Fails unless a result is an error of a kind, and returns the error. The text describes the operation.
#[track_caller]
pub(super) fn ensure_error<T: Debug>(
    result: Result<T, StoreError>,
    kind: StoreErrorKind,
    operation: impl fmt::Display,
) -> CaseResult<StoreError> {
    match result {
        Err(error) if error.kind() == kind => Ok(error),
        Err(error) => Err(Stop::failed(format_args!(
            "{operation}: expected an error of kind {kind:?}, got {:?}: {}",
            error.kind(),
            shortened(error.to_string())
        ))),
        Ok(value) => Err(Stop::failed(format_args!(
            "{operation}: expected an error of kind {kind:?}, got {}",
            shortened(format!("{value:?}"))
        ))),
    }
}

/// Creates the stores of the cases.
pub(super) struct Suite<'a> {
    factory: &'a dyn AnyFactory,
}

impl<'a> Suite<'a> {
    pub(super) fn new(factory: &'a dyn AnyFactory) -> Self {
        Self { factory }
    }

    /// Creates an empty store.
    pub(super) async fn fresh(&self) -> CaseResult<Fixture<'_>> {
        self.fresh_with(StoreLimits::DEFAULT).await
    }

    /// Creates an empty store with limits.
    pub(super) async fn fresh_with(&self, limits: StoreLimits) -> CaseResult<Fixture<'_>> {
        let data = self.factory.create().await?;
        let clock = TestClock::new();
        let store = data.open(limits, clock.clone()).await?;
        Ok(Fixture {
            store,
            clock,
            limits,
            data,
        })
    }
}

/// A store under test.
pub(super) struct Fixture<'a> {
    // Dropped before the data.
    pub(super) store: DynSessionStore,
    pub(super) clock: TestClock,
    limits: StoreLimits,
    data: Box<dyn AnyData + 'a>,
}

impl Fixture<'_> {
    /// Opens a second store with the same data.
    pub(super) async fn open_again(&self) -> CaseResult<DynSessionStore> {
        match self.data.open_again(self.limits, self.clock.clone()).await {
            Some(store) => Ok(store?),
            None => Err(Stop::Skipped(Capability::OpenAgain)),
        }
    }

    /// Drops the store, and opens it again.
    pub(super) async fn reopen(self) -> CaseResult<Self> {
        let Self {
            store,
            clock,
            limits,
            data,
        } = self;
        drop(store);
        let reopened = data.reopen(limits, clock.clone()).await;
        let store = reopened.ok_or(Stop::Skipped(Capability::Reopen))??;
        Ok(Self {
            store,
            clock,
            limits,
            data,
        })
    }

    /// Damages a stored entry.
    pub(super) async fn damage(&self, key: &SessionKey, version: Version) -> CaseResult {
        match self.data.damage(key, version).await {
            Some(result) => Ok(result?),
            None => Err(Stop::Skipped(Capability::Damage)),
        }
    }

    /// Returns the bytes of the store's files.
    pub(super) async fn raw_bytes(&self) -> CaseResult<Vec<u8>> {
        match self.data.raw_bytes().await {
            Some(bytes) => Ok(bytes?),
            None => Err(Stop::Skipped(Capability::RawBytes)),
        }
    }

    /// Appends an entry to a session, whatever its version is.
    pub(super) async fn append(&self, key: &SessionKey, entry: Entry) -> CaseResult<Version> {
        let version = self.version(key).await?;
        Ok(self.store.append(key, Append::at(version), entry).await?)
    }

    /// Appends an entry with this text to a session, whatever its version is.
    pub(super) async fn append_text(&self, key: &SessionKey, text: &str) -> CaseResult<Version> {
        self.append(key, entry(text)).await
    }

    pub(super) async fn version(&self, key: &SessionKey) -> CaseResult<Version> {
        Ok(self.store.open(key, Need::HEAD).await?.version)
    }

    /// Opens a session with all its entries.
    pub(super) async fn open(&self, key: &SessionKey) -> CaseResult<OpenedSession> {
        Ok(self.store.open(key, Need::ALL).await?)
    }

    /// Returns the texts of a session's entries.
    pub(super) async fn texts(&self, key: &SessionKey) -> CaseResult<Vec<String>> {
        texts(&self.open(key).await?.entries)
    }

    /// Returns the IDs of an owner's sessions, newest first.
    pub(super) async fn ids(&self, owner: &Owner) -> CaseResult<Vec<String>> {
        let page = self.store.list(owner, Page::first(Page::MAX_LIMIT)).await?;
        Ok(page.sessions.into_iter().map(|info| info.id).collect())
    }
}

/// Returns the first text of each entry.
pub(super) fn texts(entries: &[StoredEntry]) -> CaseResult<Vec<String>> {
    let mut texts = Vec::with_capacity(entries.len());
    for stored in entries {
        let (segment, _) = stored.entry.decode()?;
        texts.push(
            segment
                .messages()
                .first()
                .map(Message::text)
                .unwrap_or_default()
                .into_owned(),
        );
    }
    Ok(texts)
}

/// Returns the versions of entries as numbers.
pub(super) fn versions(entries: &[StoredEntry]) -> Vec<u64> {
    entries.iter().map(|stored| stored.version.number()).collect()
}

/// Returns the owner in whose name most cases act.
pub(super) fn ada() -> CaseResult<Owner> {
    owner("ada")
}

pub(super) fn owner(name: &str) -> CaseResult<Owner> {
    Owner::new(name).map_err(Stop::failed)
}

/// Returns the key of a session of [`ada`].
pub(super) fn key(id: &str) -> CaseResult<SessionKey> {
    Ok(SessionKey::new(ada()?, id)?)
}

/// Creates an entry of a run with a question and an answer.
pub(super) fn entry(text: &str) -> Entry {
    let run = Segment::new(RunId::new(), [Message::user(text), Message::assistant("Done.")]);
    let mut entry = encoded(&run);
    entry.agent = "Assistant".to_owned();
    entry.usage = Usage::new(20, 3);
    entry
}

/// Creates an entry from a segment.
pub(super) fn encoded(segment: &Segment) -> Entry {
    // Messages are always serializable, and an empty body would fail the case.
    Entry::encode(segment, None).unwrap_or_else(|_| Entry::new(crate::store::EntryId::new(), *b""))
}

/// Runs futures concurrently, in tasks if there is a runtime.
pub(super) async fn concurrently<T: Send + 'static>(
    futures: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> CaseResult<Vec<T>> {
    if Handle::try_current().is_err() {
        return Ok(join_all(futures).await);
    }
    let tasks: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut outputs = Vec::new();
    for task in tasks {
        outputs.push(
            task.await
                .map_err(|error| Stop::failed(format_args!("a panic: {error}")))?,
        );
    }
    Ok(outputs)
}
