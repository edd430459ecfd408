//! Single flight: of several concurrent tasks with the same key, one runs and the others wait for its value.
//!
//! A task may belong to a caller that stops polling it, such as a stream whose reader is slow. When the waiting
//! callers notice that the task is not polled, one of them runs it, so one caller cannot block the others.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::hash::Hash;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// The time after which a task that is ready to continue, but is not polled, counts as abandoned.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// The tasks in progress, by key. Each key is present only while a caller runs its task.
#[derive(Debug)]
pub(crate) struct SingleFlight<K, V>(Mutex<HashMap<K, Flight<V>>>);

/// A task in progress.
#[derive(Debug)]
struct Flight<V> {
    /// The callers that run the task: usually one, and more if the first is not polled.
    leaders: Vec<Arc<Progress>>,
    /// The value, once a leader has produced it.
    value: Arc<watch::Sender<Option<V>>>,
}

/// The role of a caller in a task.
pub(crate) enum Role<'a, K: Eq + Hash, V> {
    /// The caller runs the task.
    Leader(Leader<'a, K, V>),
    /// Another caller ran the task and produced this value.
    Follower(V),
    /// The caller is part of the task, as when a tool calls itself. Waiting for the value would never end.
    Nested,
}

thread_local! {
    /// The addresses of the tasks that this thread is polling, outermost first.
    static POLLED: RefCell<Vec<*const Progress>> = const { RefCell::new(Vec::new()) };
}

impl<K, V> Default for SingleFlight<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Clone, V: Clone> SingleFlight<K, V> {
    /// Waits for the value of the task with this key if another caller is running the task. If there is no such caller,
    /// or if the task is not being polled, this caller becomes a leader.
    pub(crate) async fn join(&self, key: &K) -> Role<'_, K, V> {
        loop {
            let mut value = match self.lead_or_follow(key) {
                Ok(leader) => return Role::Leader(leader),
                Err(Some(value)) => value,
                Err(None) => return Role::Nested,
            };
            loop {
                let landed = async { value.wait_for(Option::is_some).await.map(|value| value.clone()) };
                match timeout(MAX_IDLE, landed).await {
                    Ok(Ok(Some(value))) => return Role::Follower(value),
                    Ok(Ok(None)) => {}
                    // The last leader was dropped without a value.
                    Ok(Err(_)) => break,
                    Err(_) => {
                        if let Some(leader) = self.take_over(key, &value) {
                            return Role::Leader(leader);
                        }
                    }
                }
            }
        }
    }

    /// Becomes the leader of the task if there is none. Otherwise, returns the receiver of the value, or `None` if the
    /// caller is part of the task.
    fn lead_or_follow(&self, key: &K) -> Result<Leader<'_, K, V>, Option<watch::Receiver<Option<V>>>> {
        let mut flights = self.lock();
        if let Some(flight) = flights.get(key) {
            let is_nested = flight.leaders.iter().any(|leader| leader.is_polled_here());
            return Err((!is_nested).then(|| flight.value.subscribe()));
        }
        let leader = Leader::new(self, key);
        let flight = Flight {
            leaders: vec![Arc::clone(&leader.progress)],
            value: Arc::new(watch::channel(None).0),
        };
        flights.insert(key.clone(), flight);
        Ok(leader)
    }

    /// Becomes another leader of the task that `value` belongs to, if all of its current leaders are idle.
    fn take_over(&self, key: &K, value: &watch::Receiver<Option<V>>) -> Option<Leader<'_, K, V>> {
        let mut flights = self.lock();
        let flight = flights.get_mut(key)?;
        let is_abandoned = flight.value.subscribe().same_channel(value)
            && flight.value.borrow().is_none()
            && flight.leaders.iter().all(|leader| leader.is_idle());
        is_abandoned.then(|| {
            let leader = Leader::new(self, key);
            flight.leaders.push(Arc::clone(&leader.progress));
            leader
        })
    }
}

impl<K, V> SingleFlight<K, V> {
    /// Forgets the tasks in progress. Their values are discarded, and waiting callers start again.
    pub(crate) fn clear(&self) {
        // Dropping a flight wakes the waiting callers, which must not happen while the lock is held.
        let forgotten = std::mem::take(&mut *self.lock());
        drop(forgotten);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Flight<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller that runs a task. If it is dropped without a value, a waiting caller takes over.
pub(crate) struct Leader<'a, K: Eq + Hash, V> {
    flights: &'a SingleFlight<K, V>,
    key: K,
    progress: Arc<Progress>,
    has_landed: bool,
}

impl<'a, K: Eq + Hash + Clone, V> Leader<'a, K, V> {
    fn new(flights: &'a SingleFlight<K, V>, key: &K) -> Self {
        Self {
            flights,
            key: key.clone(),
            progress: Arc::default(),
            has_landed: false,
        }
    }

    /// Polls a part of the task. The other callers wait as long as the task is polled whenever it is ready to continue.
    pub(crate) async fn drive<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        let waker = Waker::from(Arc::clone(&self.progress));
        poll_fn(|context| {
            self.progress.waker.register(context.waker());
            self.progress.resume();
            let _polled = Polled::enter(&self.progress);
            future.as_mut().poll(&mut Context::from_waker(&waker))
        })
        .await
    }

    /// Awaits a future that depends on the caller's reader rather than on the task.
    pub(crate) async fn hand_over<F: Future>(&self, future: F) -> F::Output {
        self.progress.pause();
        let output = future.await;
        self.progress.resume();
        output
    }

    /// Passes the value to the waiting callers. Returns `false` if the task has been forgotten or another leader was
    /// faster.
    pub(crate) fn land(&mut self, value: V) -> bool {
        let sender = self
            .flights
            .lock()
            .get(&self.key)
            .filter(|flight| flight.contains(&self.progress))
            .map(|flight| Arc::clone(&flight.value));
        if let Some(sender) = sender {
            self.has_landed = true;
            sender.send_replace(Some(value));
        }
        self.has_landed
    }

    /// Passes the value of a failed task to the waiting callers, unless another leader may still succeed.
    pub(crate) fn land_failure(&mut self, value: impl FnOnce() -> V) {
        let is_last = self.flights.lock().get(&self.key).is_some_and(|flight| {
            flight.contains(&self.progress) && flight.leaders.len() == 1 && flight.value.receiver_count() > 0
        });
        if is_last {
            self.land(value());
        }
    }
}

impl<V> Flight<V> {
    fn contains(&self, progress: &Arc<Progress>) -> bool {
        self.leaders.iter().any(|leader| Arc::ptr_eq(leader, progress))
    }
}

impl<K: Eq + Hash, V> Drop for Leader<'_, K, V> {
    fn drop(&mut self) {
        // Dropping the flight wakes the waiting callers, which must not happen while the lock is held.
        let ended = {
            let mut flights = self.flights.lock();
            let Some(flight) = flights.get_mut(&self.key) else {
                return;
            };
            if !flight.contains(&self.progress) {
                return;
            }
            flight
                .leaders
                .retain(|leader| !Arc::ptr_eq(leader, &self.progress));
            // A later caller must not receive this value, because only the cache knows how long it is valid.
            let has_ended = self.has_landed || flight.leaders.is_empty();
            has_ended.then(|| flights.remove(&self.key))
        };
        drop(ended);
    }
}

/// Records whether a task is polled when it is ready to continue.
#[derive(Debug, Default)]
struct Progress {
    /// The time at which the task became ready to continue, if it has not been polled since.
    ready_since: Mutex<Option<Instant>>,
    waker: AtomicWaker,
}

impl Progress {
    fn pause(&self) {
        self.lock().get_or_insert_with(Instant::now);
    }

    fn resume(&self) {
        *self.lock() = None;
    }

    fn is_idle(&self) -> bool {
        self.lock().is_some_and(|since| since.elapsed() >= MAX_IDLE)
    }

    /// Returns `true` if the current code is running within the task.
    fn is_polled_here(self: &Arc<Self>) -> bool {
        POLLED.with_borrow(|polled| polled.contains(&Arc::as_ptr(self)))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.ready_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks a task as being polled by this thread until the marker is dropped.
struct Polled;

impl Polled {
    fn enter(progress: &Arc<Progress>) -> Self {
        POLLED.with_borrow_mut(|polled| polled.push(Arc::as_ptr(progress)));
        Self
    }
}

impl Drop for Polled {
    fn drop(&mut self) {
        POLLED.with_borrow_mut(Vec::pop);
    }
}

impl Wake for Progress {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.pause();
        self.waker.wake();
    }
}
