//! The embedded model as a [`Model`].

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::UNIX_EPOCH;

use futures_util::{Stream, stream};

use super::engine::Engine;
use super::prompt::Prompt;
use super::weights::{FoundWeights, WeightPaths};
use super::worker::{Generation, Worker};
use crate::model::{
    Capabilities, Delta, Model, ModelError, ModelErrorKind, ModelId, Reply, ReplyBuilder, Request,
    StructuredOutput, ToolCalling,
};
use crate::schema::dialect;

/// A model that runs in this process, on the CPU.
///
/// It is cheap to clone. Loading the same file again is also cheap, because all models loaded from a file share its
/// weights for as long as any of them is in use. Requests run one at a time; others wait. A prefix that a request shares
/// with a recent request (tools, instructions, the conversation so far) is not computed again.
///
/// Without a temperature, the model always picks the most likely token, so the same request gets the same answer,
/// with or without streaming. Answers have at most 1024 tokens unless the settings specify another limit.
///
/// `smollm2-135m` is intended for tests and for trying agno without a key. For simple questions, it picks the
/// correct tool from a small set and restates the tool's result in a sentence. Its arguments and structured output match
/// their schemas, because generation is constrained by a grammar. It knows little, cannot calculate, and invents facts.
/// For better answers, load larger weights by path.
///
/// ```no_run
/// use agno::local::Local;
///
/// agno::local::fetch("smollm2-135m")?;               // downloads the weights once
/// let model = Local::load("smollm2-135m")?;
/// let other = Local::load("/models/qwen2.5-7b-instruct-q4_k_m.gguf")?;
/// # Ok::<(), agno::ModelError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Local(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    path: PathBuf,
    /// The file's size and modification time when it was loaded.
    version: String,
    /// The published SHA-256, if the file was verified.
    sha256: Option<&'static str>,
    context: usize,
    worker: Worker,
}

/// A model in memory, or one that is being loaded. The lock is held while loading, so that concurrent callers load the
/// weights only once.
type Slot = Arc<Mutex<Weak<Inner>>>;

/// The models in memory, by path. This lock is never held while loading, so loading one file does not delay another.
static LOADED: Mutex<Vec<(PathBuf, Slot)>> = Mutex::new(Vec::new());

/// Returns the slot of a path, and removes slots whose model is no longer in use.
fn slot(path: &Path) -> Slot {
    let mut slots = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    slots.retain(|(_, slot)| {
        Arc::strong_count(slot) > 1 || slot.try_lock().is_ok_and(|model| model.strong_count() > 0)
    });
    if let Some((_, slot)) = slots.iter().find(|(known, _)| known == path) {
        return Arc::clone(slot);
    }
    let slot = Slot::default();
    slots.push((path.to_owned(), Arc::clone(&slot)));
    slot
}

impl Local {
    /// Loads weights by path, or by one of the [known](super::known_names) names.
    ///
    /// A name is looked up in `AGNO_WEIGHTS` (a file or a directory), then in the cache (`AGNO_CACHE`, or
    /// `agno/weights` in the user's cache directory), which [`fetch`](super::fetch) fills. A file in the cache is verified
    /// against the published SHA-256; a file in another directory is not.
    ///
    /// Treat weights from an unknown source as untrusted code, because their chat template is a program. For each
    /// request, the template can run a limited number of steps and produce at most 32 MiB of output, but the memory that
    /// a single expression uses is not limited.
    ///
    /// This function blocks while it loads. In async code that shares its thread with other tasks, call it through
    /// `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`ModelErrorKind::Weights`] with a [`WeightsError`](super::WeightsError) as its source,
    /// or with an [`io::Error`](std::io::Error) if the model's thread cannot be started. For weights that have not been
    /// downloaded yet, the source is
    /// [`WeightsError::NotDownloaded`](super::WeightsError::NotDownloaded).
    pub fn load(name: impl AsRef<str>) -> Result<Self, ModelError> {
        let name = name.as_ref();
        Self::from_file(name, &WeightPaths::from_env().find(name)?)
    }

    fn from_file(name: &str, found: &FoundWeights) -> Result<Self, ModelError> {
        let path = found.path.canonicalize().unwrap_or_else(|_| found.path.clone());
        let slot = slot(&path);
        let mut model = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inner) = model.upgrade()
            && (found.sha256.is_none() || inner.sha256 == found.sha256)
        {
            return Ok(Self(inner));
        }
        let version = version(&path);
        let engine = Engine::load(found.open()?).map_err(|failure| failure.loading(&path))?;
        let context = engine.context();
        let worker = Worker::start(engine).map_err(|source| {
            ModelError::new(ModelErrorKind::Weights, "the model's thread could not be started")
                .with_source(source)
        })?;
        let inner = Arc::new(Inner {
            name: name.to_owned(),
            path,
            version,
            sha256: found.sha256,
            context,
            worker,
        });
        *model = Arc::downgrade(&inner);
        Ok(Self(inner))
    }

    /// Returns the path of the weights.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Returns the size of the context window, in tokens.
    pub fn context(&self) -> usize {
        self.0.context
    }
}

/// Returns a string that changes when a file is replaced.
fn version(path: &Path) -> String {
    let file = path.metadata().ok();
    let bytes = file.as_ref().map_or(0, std::fs::Metadata::len);
    let modified = file.and_then(|file| file.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    format!("{bytes} bytes, {:?}", modified.unwrap_or_default())
}

impl Model for Local {
    type Dialect = dialect::JsonSchema;

    fn dialect(&self) -> Self::Dialect {
        dialect::JsonSchema
    }

    fn id(&self) -> ModelId<'_> {
        ModelId::new("local", &self.0.name)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::TEXT.with_tools().with_structured_output()
    }

    fn fingerprint(&self) -> String {
        let Inner { path, version, .. } = &*self.0;
        format!("{} at {} ({version})", self.id(), path.display())
    }

    async fn complete<'a>(&'a self, request: Request<'a>) -> Result<Reply, ModelError> {
        let mut generation = self.0.worker.generate(Prompt::new(&request)?);
        let mut builder = ReplyBuilder::new();
        while let Some(delta) = generation.next().await {
            builder.push(&delta?);
        }
        builder.finish()
    }

    fn stream<'a>(
        &'a self,
        request: Request<'a>,
    ) -> impl Stream<Item = Result<Delta, ModelError>> + Send + 'a {
        stream::unfold(Stage::New(self, request), |stage| async move {
            let mut generation = match stage {
                Stage::New(model, request) => match Prompt::new(&request) {
                    Ok(prompt) => model.0.worker.generate(prompt),
                    Err(error) => return Some((Err(error), Stage::Done)),
                },
                Stage::Generation(generation) => generation,
                Stage::Done => return None,
            };
            generation
                .next()
                .await
                .map(|delta| (delta, Stage::Generation(generation)))
        })
    }
}

impl ToolCalling for Local {}
impl StructuredOutput for Local {}

/// The state of a streamed answer.
enum Stage<'a> {
    New(&'a Local, Request<'a>),
    Generation(Generation),
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loading_one_file_does_not_delay_another() {
        let first = slot(Path::new("/first.gguf"));
        let loading = first.lock().unwrap();
        assert!(slot(Path::new("/second.gguf")).try_lock().is_ok());
        assert!(Arc::ptr_eq(&first, &slot(Path::new("/first.gguf"))));
        drop(loading);
        drop(first);
        let _ = slot(Path::new("/second.gguf"));
        let slots = LOADED.lock().unwrap();
        assert!(slots.iter().all(|(path, _)| path != Path::new("/first.gguf")));
    }
}
