//! The report of the suite.

use std::fmt;

/// The results of all cases. `Display` formats them as a table.
#[derive(Debug, Clone)]
#[must_use = "a report may contain failures; call `assert_passed`"]
pub struct Report {
    cases: Vec<CaseReport>,
}

/// The result of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseReport {
    /// The subject of the case, such as `lease`.
    pub group: &'static str,
    /// The name: a sentence that the store fulfills if the case passes.
    pub name: &'static str,
    /// The result.
    pub outcome: CaseOutcome,
}

/// The result of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaseOutcome {
    /// The store has the property.
    Succeeded,
    /// The store does not have the property. The text describes the difference.
    Failed(String),
    /// The case requires an optional method of the factory.
    Skipped(Capability),
}

/// An optional method of a [`StoreFactory`](super::StoreFactory).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// [`StoreFactory::open_again`](super::StoreFactory::open_again).
    OpenAgain,
    /// [`StoreFactory::reopen`](super::StoreFactory::reopen).
    Reopen,
    /// [`StoreFactory::damage`](super::StoreFactory::damage).
    Damage,
    /// [`StoreFactory::raw_bytes`](super::StoreFactory::raw_bytes).
    RawBytes,
}

impl Capability {
    /// Returns the name of the method, such as `reopen`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAgain => "open_again",
            Self::Reopen => "reopen",
            Self::Damage => "damage",
            Self::RawBytes => "raw_bytes",
        }
    }
}

impl Report {
    pub(super) const fn new(cases: Vec<CaseReport>) -> Self {
        Self { cases }
    }

    /// Returns the results of all cases, in the order in which they ran.
    pub fn cases(&self) -> &[CaseReport] {
        &self.cases
    }

    /// Iterates over the names of the failed cases and the descriptions of their failures.
    pub fn failures(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.cases.iter().filter_map(|case| match &case.outcome {
            CaseOutcome::Failed(message) => Some((case.name, message.as_str())),
            _ => None,
        })
    }

    /// Iterates over the names of the skipped cases and the methods that they require.
    pub fn skipped(&self) -> impl Iterator<Item = (&'static str, Capability)> {
        self.cases.iter().filter_map(|case| match case.outcome {
            CaseOutcome::Skipped(capability) => Some((case.name, capability)),
            _ => None,
        })
    }

    /// Panics if a case failed.
    ///
    /// # Panics
    ///
    /// The message lists the failed cases.
    pub fn assert_passed(&self) {
        let failures: Vec<String> = self
            .failures()
            .map(|(name, message)| format!("{name}: {message}"))
            .collect();
        assert!(
            failures.is_empty(),
            "the store failed {} of {} cases:\n{}",
            failures.len(),
            self.cases.len(),
            failures.join("\n")
        );
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |text: fn(&CaseReport) -> &str| self.cases.iter().map(|case| text(case).len()).max();
        let group = width(|case| case.group).unwrap_or_default();
        let name = width(|case| case.name).unwrap_or_default();
        for case in &self.cases {
            write!(f, "{:group$}  {:name$}  ", case.group, case.name)?;
            match &case.outcome {
                CaseOutcome::Succeeded => writeln!(f, "passed")?,
                CaseOutcome::Failed(message) => writeln!(f, "FAILED: {message}")?,
                CaseOutcome::Skipped(capability) => {
                    writeln!(f, "skipped: the factory has no `{}`", capability.as_str())?;
                }
            }
        }
        let (failed, skipped) = (self.failures().count(), self.skipped().count());
        let passed = self.cases.len() - failed - skipped;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}
