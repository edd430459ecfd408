//! Compiles and renders the Jinja chat template from the weights file. The template defines the conversation format that
//! the model expects.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, Error, ErrorKind, Value, context};
use serde::Serialize;

use super::{json, namespaces};

/// The `ChatML` format, used when a file has no template.
const CHATML: &str = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] \
    + '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/// Maximum size of a template, in bytes.
const MAX_SOURCE: usize = 64 << 10;

/// Size of the stack for compiling a template. The compiler recurses once per operator of a chain such as `a ~ b ~ c`, so
/// a template of the maximum size that consists of one chain would overflow the stack of an ordinary thread, which aborts
/// the process. The memory is reserved, but only the part in use is allocated.
const COMPILER_STACK: usize = 512 << 20;

/// Maximum depth of recursive macros and loops. Templates in use recurse into the schemas of tools, a few levels deep.
const MAX_RECURSION: usize = 50;

/// Maximum number of steps per rendering. A conversation of 1,000 messages requires about 100,000.
const MAX_STEPS: u64 = 2_000_000;
/// Maximum size of the rendered text, in bytes.
const MAX_OUTPUT: usize = 32 << 20;

/// Compiles a template on a thread with a large stack.
fn compile(environment: &mut Environment<'static>, source: &str) -> Result<(), Error> {
    std::thread::scope(|scope| {
        let compiler = std::thread::Builder::new()
            .stack_size(COMPILER_STACK)
            .spawn_scoped(scope, || {
                environment.add_template_owned("chat", source.to_owned())
            });
        let failed = |reason: String| Err(Error::new(ErrorKind::InvalidOperation, reason));
        match compiler.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(compiled)) => compiled,
            Ok(Err(_panic)) => failed("its compiler panicked".to_owned()),
            Err(error) => failed(format!(
                "the thread of its compiler could not be started: {error}"
            )),
        }
    })
}

/// A compiled template and its capabilities.
#[derive(Debug)]
pub(super) struct Template {
    environment: Environment<'static>,
    start: String,
    end: String,
    /// `true` if the template renders tools itself and encloses calls in `<tool_call>` tags.
    pub(super) tagged: bool,
    /// `true` if the template supports instructions.
    pub(super) system: bool,
    /// `true` if the template supports tool results.
    pub(super) results: bool,
}

/// A message in the format that templates expect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Entry {
    pub(super) role: &'static str,
    pub(super) content: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tool_calls: Vec<serde_json::Value>,
}

impl Entry {
    pub(super) fn new(role: &'static str, content: impl Into<String>) -> Self {
        Self {
            role,
            content: content.into(),
            tool_calls: vec![],
        }
    }
}

impl Template {
    /// Compiles a file's template. `start` and `end` are the texts of the start and end tokens.
    pub(super) fn new(source: Option<&str>, start: &str, end: &str) -> Result<Self, Error> {
        let source = source.unwrap_or(CHATML);
        if source.len() > MAX_SOURCE {
            let message = format!("it has {} bytes, more than {MAX_SOURCE}", source.len());
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
        namespaces::check(source).map_err(|reason| Error::new(ErrorKind::InvalidOperation, reason))?;
        let mut environment = Environment::new();
        environment.set_fuel(Some(MAX_STEPS));
        environment.set_recursion_limit(MAX_RECURSION);
        environment.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()?,
        );
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", raise);
        environment.add_function("strftime_now", now);
        environment.add_filter("tojson", to_json);
        compile(&mut environment, source)?;
        let mut template = Self {
            environment,
            start: start.to_owned(),
            end: end.to_owned(),
            tagged: source.contains("tools") && source.contains("<tool_call>"),
            system: true,
            results: true,
        };
        let question = Entry::new("user", "question");
        let messages = [Entry::new("system", "probe"), question.clone()];
        template.system = template.renders_probe(&messages)?;
        let entry = Entry::new("assistant", "asking");
        template.results = template.renders_probe(&[question, entry, Entry::new("tool", "probe")])?;
        Ok(template)
    }

    /// Returns `true` if the template renders this conversation, including the probe. Fails if a limit is exceeded,
    /// because such a template cannot render longer conversations either.
    fn renders_probe(&self, entries: &[Entry]) -> Result<bool, Error> {
        match self.render(entries, &[], false) {
            Ok(text) => Ok(text.contains("probe")),
            Err(error) if matches!(error.kind(), ErrorKind::OutOfFuel | ErrorKind::WriteFailure) => {
                Err(error)
            }
            Err(_) => Ok(false),
        }
    }

    /// Renders a conversation, up to the point where the model continues.
    pub(super) fn render(
        &self,
        entries: &[Entry],
        tools: &[serde_json::Value],
        thinking: bool,
    ) -> Result<String, Error> {
        let tools = if tools.is_empty() {
            Value::from(())
        } else {
            Value::from(Serde(tools))
        };
        let context = context! {
            messages => Value::from(Serde(entries)),
            tools => tools,
            add_generation_prompt => true,
            enable_thinking => thinking,
            bos_token => self.start.clone(),
            eos_token => self.end.clone(),
        };
        let mut output = Output(Vec::new());
        self.environment
            .get_template("chat")?
            .render_captured_to(context, &mut output)?;
        String::from_utf8(output.0)
            .map_err(|error| Error::new(ErrorKind::WriteFailure, "the text is not UTF-8").with_source(error))
    }
}

/// The rendered text, up to `MAX_OUTPUT` bytes.
struct Output(Vec<u8>);

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::Error::other("the text is too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn raise(message: String) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

#[expect(clippy::needless_pass_by_value, reason = "minijinja requires this signature")]
fn to_json(value: Value, options: Kwargs) -> Result<Value, Error> {
    let indent: Option<usize> = options.get("indent").ok();
    let text = match indent {
        Some(spaces) => json::indented(&value, spaces),
        None => json::to_spaced_json(&value),
    };
    Ok(Value::from_safe_string(text))
}

/// Returns the current date, for templates that include it.
#[expect(clippy::needless_pass_by_value, reason = "minijinja requires this signature")]
fn now(format: String) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let days = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs() / 86_400);
    let (year, month, day) = civil(days);
    let name = MONTHS[month as usize - 1];
    format
        .replace("%Y", &year.to_string())
        .replace("%m", &format!("{month:02}"))
        .replace("%d", &format!("{day:02}"))
        .replace("%B", name)
        .replace("%b", &name[..3])
}

/// Returns the year, month and day for a number of days after January 1, 1970. The computation starts years in March,
/// so that leap days come last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A template with the same structure as Qwen 2.5's.
    const TAGGED: &str = r#"{%- if tools %}
    {{- '<|im_start|>system\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- endif %}
    {{- "\n<tools>" }}
    {%- for tool in tools %}
        {{- "\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\n</tools> within <tool_call></tool_call><|im_end|>\n" }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == "user" %}
        {{- '<|im_start|>user\n' + message.content + '<|im_end|>\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>assistant' }}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}{%- set tool_call = tool_call.function %}{%- endif %}
            {{- '\n<tool_call>\n{"name": "' + tool_call.name + '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\n' }}
    {%- elif message.role == "tool" %}
        {{- '<tool_response>\n' + message.content.strip() + '\n</tool_response>' }}
    {%- endif %}
{%- endfor %}"#;

    #[test]
    fn the_default_template_is_chatml() {
        let template = Template::new(None, "", "").unwrap();
        let text = template.render(&[Entry::new("user", "hi")], &[], false).unwrap();
        assert_eq!(text, "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n");
        assert!(template.system && template.results && !template.tagged);
    }

    #[test]
    fn templates_with_tool_support_receive_the_tools() {
        let template = Template::new(Some(TAGGED), "", "").unwrap();
        assert!(template.tagged && template.results);
        let mut assistant = Entry::new("assistant", "");
        assistant.tool_calls =
            vec![json!({"type": "function", "function": {"name": "weather", "arguments": {"city": "Oslo"}}})];
        let conversation = [Entry::new("user", "hi"), assistant, Entry::new("tool", " 4 ")];
        let text = template
            .render(&conversation, &[json!({"name": "weather"})], false)
            .unwrap();
        assert!(
            text.contains("<tools>\n{\"name\": \"weather\"}\n</tools>"),
            "{text}"
        );
        assert!(text.contains(
            "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>"
        ));
        assert!(text.contains("<tool_response>\n4\n</tool_response>"));
    }

    #[test]
    fn unsupported_roles_are_detected() {
        let strict = "{% for m in messages %}{% if m.role not in ['user', 'assistant'] %}\
            {{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{{ m.content }}{% endfor %}";
        let template = Template::new(Some(strict), "", "").unwrap();
        assert!(!template.system && !template.results);
    }

    #[test]
    fn an_invalid_template_is_an_error() {
        assert!(Template::new(Some("{% for %}"), "", "").is_err());
    }

    #[test]
    fn a_template_that_loops_or_writes_endlessly_is_an_error() {
        let error = |source: &str| Template::new(Some(source), "", "").unwrap_err();
        let nested = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}probe";
        assert_eq!(error(nested).kind(), ErrorKind::OutOfFuel);
        let long = "{% for a in range(100) %}{{ 'a' * 1000000 }}{% endfor %}probe";
        assert_eq!(error(long).kind(), ErrorKind::WriteFailure);
        let recursive = "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}probe";
        let template = Template::new(Some(recursive), "", "").unwrap();
        assert!(!template.system, "the recursion ends with an error");
        let source = "a".repeat(MAX_SOURCE + 1);
        assert!(error(&source).to_string().contains("more than 65536"));
    }

    #[test]
    fn a_long_conversation_stays_within_the_limits() {
        let template = Template::new(Some(TAGGED), "", "").unwrap();
        let conversation = vec![Entry::new("user", "word ".repeat(20)); 10_000];
        let tools = vec![json!({"name": "weather"}); 1_000];
        template.render(&conversation, &tools, false).unwrap();
    }

    #[test]
    fn civil_converts_days_to_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_779), (2026, 11, 22));
    }

    #[test]
    fn a_template_of_one_chain_or_nest_does_not_overflow_the_stack() {
        for (start, part, end) in [
            ("{{ 1", "~1", " }}"),
            ("{{ '{{'", "~1", " }}"),
            ("{{ ", "not ", "1 }}"),
            ("{{ ", "-", "1 }}"),
            ("{{ ", "(", "1 }}"),
            ("{{ ", "[", "1 }}"),
            ("{{ x", ".x", " }}"),
            ("{{ x", "|e", " }}"),
            ("{{ 1", " if 1 else 1", " }}"),
            ("{% if a %}", "{% elif a %}", "{% endif %}"),
            ("", "{% if a %}", ""),
        ] {
            let repeated = (MAX_SOURCE - start.len() - end.len()) / part.len();
            let source = format!("{start}{}{end}", part.repeat(repeated));
            // Either is fine: a limit of the compiler, or a compiled template.
            let _ = Template::new(Some(&source), "", "");
        }
    }
}
