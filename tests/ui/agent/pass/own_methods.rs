//! Structs whose own methods have the names of an agent's methods, and fields that are formatted in several ways.

use agno::prelude::*;

trait Job {
    fn run(&self, input: &str) -> usize;
    fn stream(self, input: &str) -> usize;
}

/// Works.
#[agent(instructions = "{language} {code:>3} {code:x} {language:?} {type} {{x}}")]
struct Worker {
    language: &'static str,
    code: u8,
    r#type: u8,
}

impl Job for Worker {
    fn run(&self, input: &str) -> usize {
        input.len()
    }

    fn stream(self, input: &str) -> usize {
        input.len()
    }
}

/// Answers.
#[agent(instructions = self.text())]
struct Assistant<'a>(&'a str);

impl Assistant<'_> {
    fn text(&self) -> &str {
        self.0
    }

    fn session(&self, id: u8) -> u8 {
        id
    }
}

macro_rules! declare {
    ($name:ident, $text:literal, $tool:path) => {
        /// Answers.
        #[agent(instructions = $text, tools = [$tool])]
        struct $name {
            language: &'static str,
        }
    };
}

mod tools {
    use agno::prelude::*;

    /// Rolls a die.
    #[tool]
    #[deprecated]
    pub fn roll() -> u8 {
        4
    }
}

declare!(Declared1, "Answer in {language}.", self::tools::roll);

#[test]
fn methods_of_the_user_have_priority() {
    let worker = Worker {
        language: "French",
        code: 10,
        r#type: 1,
    };
    assert_eq!(worker.run("four"), 4);
    assert_eq!(Assistant("Answer.").session(3), 3);
    assert_eq!(worker.instructions(), "French  10 a \"French\" 1 {x}");
    assert_eq!(worker.stream("four"), 4);
    assert_eq!(Assistant("Answer.").instructions(), "Answer.");
}

#[test]
fn macros_declare_agents_with_placeholders_and_paths_of_tools() {
    let agent = Declared1 { language: "French" };
    assert_eq!(agent.instructions(), "Answer in French.");
    assert_eq!(agno::tool::Toolset::len(&agent.tools()), 1);
}
