//! The path from a run to a call in a nested run. An agent can call other agents, whose runs are stored in the calls that
//! started them.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The IDs of the calls from a run down to a nested run or to one of its calls. The path of the run itself is empty.
///
/// In its text form, which is also its serialized form, the IDs are separated by `/`. Providers choose call IDs freely, so
/// a `/` within an ID is written `~1` and a `~` is written `~0`, as in a JSON pointer.
///
/// ```
/// use agno::run::CallPath;
///
/// let path = CallPath::new(["call_1", "a/b"]);
/// assert_eq!(path.to_string(), "call_1/a~1b");
/// assert_eq!("call_1/a~1b".parse(), Ok(path));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct CallPath(Option<Arc<[String]>>);

impl CallPath {
    /// The empty path, which refers to the run itself.
    pub const ROOT: Self = Self(None);

    /// Creates a path from call IDs, outermost first.
    pub fn new<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> Self {
        let ids: Arc<[String]> = ids.into_iter().map(Into::into).collect();
        Self((!ids.is_empty()).then_some(ids))
    }

    /// Returns the path extended by the ID of a call.
    #[must_use]
    pub fn join(&self, call_id: &str) -> Self {
        let ids = self.ids().iter().map(String::as_str);
        Self::new(ids.chain([call_id]))
    }

    /// Returns the call IDs, outermost first.
    pub fn ids(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Returns `true` if the path refers to the run itself.
    pub const fn is_root(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Display for CallPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, id) in self.ids().iter().enumerate() {
            if index > 0 {
                f.write_str("/")?;
            }
            f.write_str(&id.replace('~', "~0").replace('/', "~1"))?;
        }
        Ok(())
    }
}

impl fmt::Debug for CallPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallPath({self})")
    }
}

impl From<&str> for CallPath {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            return Self::ROOT;
        }
        Self::new(text.split('/').map(|id| id.replace("~1", "/").replace("~0", "~")))
    }
}

impl FromStr for CallPath {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl Serialize for CallPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CallPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}
