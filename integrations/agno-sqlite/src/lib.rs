#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
//! A store of sessions in SQLite, for [agno](https://docs.rs/agno).
//!
//! [`Sqlite`] implements [`SessionStore`](agno::store::SessionStore). SQLite is compiled into the program.
//!
//! ```
//! use agno::session::Owner;
//! use agno::store::{Append, Entry, Need, SessionKey, SessionStore};
//! use agno_sqlite::Sqlite;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("app.db");
//! let store = Sqlite::open(&path).await?;
//! let key = SessionKey::new(Owner::new("user-17")?, "s-1")?;
//!
//! let opened = store.open(&key, Need::messages(40)).await?;
//! let entry = Entry::from_messages(["Hi".into()])?;
//! let version = store.append(&key, Append::at(opened.version), entry).await?;
//! assert_eq!(store.open(&key, Need::messages(40)).await?.version, version);
//! # store.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Threads
//!
//! No operation blocks the async runtime. One thread writes. It executes all waiting writes in one transaction and reports
//! them only after the commit. Other threads read, each with its own connection, and do not wait for the writer.
//!
//! A write whose future is dropped either takes effect completely or not at all.
//!
//! # Durability
//!
//! The file uses a write-ahead log (WAL). A write that was reported survives the end of the program, including `SIGKILL`. By
//! default, a power failure or a crash of the operating system can undo the last writes, but never damages the file;
//! with [`Synchronous::Full`] it undoes no write that was reported. The file must be on a local disk, because the WAL
//! requires shared memory between the programs that use the file.
//!
//! # Erasure
//!
//! [`erase`](agno::store::SessionStore::erase) deletes the rows, overwrites them with zeros, rewrites the file (`VACUUM`) and
//! truncates the WAL. Then neither file contains the data. If it returns an error, such as for a full disk, call it again,
//! because the files can still contain the data. Copies remain where SQLite cannot reach them: in backups,
//! in snapshots of the file system, and in blocks that the file system or the disk freed without overwriting them.
//!
//! [`delete`](agno::store::SessionStore::delete) and [`prune`](agno::store::SessionStore::prune) overwrite the rows with zeros
//! as well, but the WAL contains older copies until it is overwritten. [`Sqlite::vacuum`] removes these.
//!
//! # The file
//!
//! A file has a format version (`PRAGMA user_version`). [`Sqlite::open`] converts the file to the newest format; a file of a
//! later format is an error of kind [`NewerFormat`](agno::store::StoreErrorKind::NewerFormat). A file that other software
//! created is not opened.

mod connection;
mod encode;
mod failure;
mod head;
mod lease;
mod options;
mod read;
mod schema;
mod sqlite;
mod worker;
mod write;

pub use options::{Options, Synchronous};
pub use sqlite::Sqlite;

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
