//! The threads that use the connections. One thread writes, so that writes never wait for each other's locks, and commits all
//! waiting writes together.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use agno::store::{Result, StoreError};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::connection::scrub;
use crate::failure::{Failure, Outcome, ended, other};

/// The number of operations that can wait for a thread. More operations wait until there is capacity.
const WAITING: usize = 1024;

/// Maximum number of writes in a transaction.
const BATCH: usize = 256;

/// The work after the commit of a job's transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum After {
    Nothing,
    /// Removes deleted data from the WAL.
    Checkpoint,
    /// Removes deleted data from the file and the WAL.
    Vacuum,
}

/// An operation that a thread executes.
pub(crate) trait Job: Send {
    /// Executes the operation and keeps its result. Returns `false` if it failed. A job can be executed again if its
    /// transaction was rolled back.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Returns the work after the commit.
    fn after(&self) -> After;

    /// Returns `true` if the future that waits for the result was dropped.
    fn is_abandoned(&self) -> bool;

    /// Reports the result, or the failure of the transaction.
    fn reply(self: Box<Self>, failure: Option<StoreError>);
}

/// The sender of jobs to a thread.
pub(crate) type Jobs = mpsc::Sender<Box<dyn Job>>;

/// The guard of a thread. The receiver on the other side sees when all threads have ended.
pub(crate) type Alive = mpsc::Sender<()>;

/// Sends a job to a thread and waits for its result.
pub(crate) async fn call<T: Send + 'static>(
    jobs: &Jobs,
    after: After,
    work: impl Fn(&Connection) -> Outcome<T> + Send + 'static,
) -> Result<T> {
    let (reply, result) = oneshot::channel();
    let call = Call {
        work,
        result: None,
        after,
        reply,
    };
    jobs.send(Box::new(call)).await.map_err(|_| ended())?;
    result.await.map_err(|_| ended())?
}

struct Call<T, W> {
    work: W,
    result: Option<Outcome<T>>,
    after: After,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, W: Fn(&Connection) -> Outcome<T> + Send> Job for Call<T, W> {
    fn run(&mut self, connection: &Connection) -> bool {
        self.result.insert((self.work)(connection)).is_ok()
    }

    fn after(&self) -> After {
        self.after
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn reply(self: Box<Self>, failure: Option<StoreError>) {
        let result = match (self.result, failure) {
            (Some(Err(own)), _) => Err(own.into()),
            (_, Some(failure)) => Err(failure),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(ended()),
        };
        // The caller may have dropped its future.
        let _ = self.reply.send(result);
    }
}

/// Starts the thread that writes.
pub(crate) async fn start_writer(
    alive: Alive,
    connect: impl FnOnce() -> Outcome<Connection> + Send + 'static,
) -> Result<Jobs> {
    let (jobs, waiting) = mpsc::channel(WAITING);
    spawn("agno-sqlite-writer", alive, connect, move |connection| {
        write(&connection, waiting);
    })
    .await?;
    Ok(jobs)
}

/// Starts the threads that read.
pub(crate) async fn start_readers(
    count: usize,
    alive: &Alive,
    connect: impl Fn() -> Outcome<Connection> + Clone + Send + 'static,
) -> Result<Jobs> {
    let (jobs, waiting) = mpsc::channel(WAITING);
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..count {
        let waiting = Arc::clone(&waiting);
        spawn(
            "agno-sqlite-reader",
            alive.clone(),
            connect.clone(),
            move |connection| {
                read(&connection, &waiting);
            },
        )
        .await?;
    }
    Ok(jobs)
}

/// Starts a thread and waits until it has opened its connection.
async fn spawn(
    name: &str,
    alive: Alive,
    connect: impl FnOnce() -> Outcome<Connection> + Send + 'static,
    run: impl FnOnce(Connection) + Send + 'static,
) -> Result<()> {
    let (opened, result) = oneshot::channel();
    let body = move || {
        match connect() {
            Ok(connection) => {
                if opened.send(Ok(())).is_ok() {
                    run(connection);
                }
            }
            Err(failure) => {
                let _ = opened.send(Err(StoreError::from(failure)));
            }
        }
        // The connection is closed.
        drop(alive);
    };
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| other("a thread of the store cannot be started", error))?;
    result.await.map_err(|_| ended())?
}

/// Executes reads until the store is dropped.
fn read(connection: &Connection, waiting: &Mutex<mpsc::Receiver<Box<dyn Job>>>) {
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .blocking_recv()
    };
    while let Some(mut job) = next() {
        if !job.is_abandoned() {
            // A job that could not end its snapshot must not make the next one read old data.
            let _ = roll_back(connection);
            job.run(connection);
            job.reply(None);
        }
    }
}

/// Executes writes until the store is dropped.
fn write(connection: &Connection, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(job) = waiting.try_recv()
        {
            batch.push(job);
        }
        execute(connection, batch);
    }
}

/// Executes writes in one transaction and reports their results after the commit.
fn execute(connection: &Connection, mut batch: Vec<Box<dyn Job>>) {
    match attempt(connection, &mut batch) {
        Ok(()) => {
            let after = batch.iter().map(|job| job.after()).max();
            let scrubbed = match after {
                None | Some(After::Nothing) => Ok(()),
                Some(after) => scrub(connection, after == After::Vacuum),
            };
            for job in batch {
                let failure = scrubbed.as_ref().err().filter(|_| job.after() > After::Nothing);
                job.reply(failure.map(Failure::shared));
            }
        }
        // One write, such as one for which there is no space, can roll back the others.
        Err(Abort::RolledBack(_)) if batch.len() > 1 => {
            for job in batch {
                execute(connection, vec![job]);
            }
        }
        Err(Abort::NotStarted(failure) | Abort::RolledBack(failure)) => {
            for job in batch {
                job.reply(Some(failure.shared()));
            }
        }
    }
}

/// The failure of a transaction.
enum Abort {
    /// Another program holds the lock.
    NotStarted(Failure),
    RolledBack(Failure),
}

/// Executes writes in one transaction. Several are each in a savepoint, so that one that fails leaves the others.
fn attempt(connection: &Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Abort> {
    begin(connection).map_err(Abort::NotStarted)?;
    let result = match write_all(connection, batch) {
        Ok(true) => execute_sql(connection, "COMMIT"),
        // The job reports its failure.
        Ok(false) => roll_back(connection),
        Err(failure) => Err(failure),
    };
    result.map_err(|failure| {
        // The next transaction tries again if this fails.
        let _ = roll_back(connection);
        Abort::RolledBack(failure)
    })
}

/// Rolls back, unless SQLite has done so already after a failure.
fn roll_back(connection: &Connection) -> Outcome<()> {
    if connection.is_autocommit() {
        return Ok(());
    }
    execute_sql(connection, "ROLLBACK")
}

fn begin(connection: &Connection) -> Outcome<()> {
    roll_back(connection)?;
    execute_sql(connection, "BEGIN IMMEDIATE")
}

/// Returns `false` if the only write failed.
fn write_all(connection: &Connection, batch: &mut [Box<dyn Job>]) -> Outcome<bool> {
    if let [job] = batch {
        return Ok(job.run(connection));
    }
    for job in batch {
        execute_sql(connection, "SAVEPOINT job")?;
        if !job.run(connection) {
            // Fails if SQLite has rolled back the transaction.
            execute_sql(connection, "ROLLBACK TO job")?;
        }
        execute_sql(connection, "RELEASE job")?;
    }
    Ok(true)
}

fn execute_sql(connection: &Connection, sql: &str) -> Outcome<()> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}
