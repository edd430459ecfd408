//! Annotations: descriptions, examples, defaults and deprecation.

/// The annotations of a node or a field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Annotations {
    // `true` if any annotation was set. The renderer checks this flag once per node, because checking each annotation
    // is slow in constant evaluation.
    pub(crate) any: bool,
    pub(crate) deprecated: bool,
    pub(crate) description: Option<&'static str>,
    pub(crate) examples: Option<&'static [&'static str]>,
    pub(crate) default: Option<&'static str>,
}

impl Annotations {
    pub(crate) const NONE: Self = Self {
        any: false,
        deprecated: false,
        description: None,
        examples: None,
        default: None,
    };

    pub(crate) const fn description(mut self, description: &'static str) -> Self {
        self.any = true;
        self.description = if description.is_empty() {
            None
        } else {
            Some(description)
        };
        self
    }

    pub(crate) const fn examples(mut self, examples: &'static [&'static str]) -> Self {
        self.any = true;
        self.examples = if examples.is_empty() { None } else { Some(examples) };
        self
    }

    pub(crate) const fn default(mut self, json: &'static str) -> Self {
        self.any = true;
        self.default = Some(json);
        self
    }

    pub(crate) const fn deprecated(mut self) -> Self {
        self.any = true;
        self.deprecated = true;
        self
    }

    /// Combines two sets of annotations; `self` takes precedence.
    pub(crate) const fn or(self, other: &Self) -> Self {
        if !self.any {
            return *other;
        }
        if !other.any {
            return self;
        }
        Self {
            any: true,
            deprecated: self.deprecated || other.deprecated,
            description: if self.description.is_some() {
                self.description
            } else {
                other.description
            },
            examples: if self.examples.is_some() {
                self.examples
            } else {
                other.examples
            },
            default: if self.default.is_some() {
                self.default
            } else {
                other.default
            },
        }
    }
}
