//! Manages the workspace of generated crates under the target directory, and runs cargo in it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::compiler;
use crate::generate::Form;

/// A result with an error message.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// A cargo command.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Job {
    /// `cargo check`, which checks types and evaluates constants.
    Check,
    /// `cargo build`, in the `dev` profile.
    Build,
}

impl Job {
    const fn command(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Build => "build",
        }
    }
}

/// The generated crates.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Writes a crate for each form and number of tools, and a program that compares the macros with the twin for the first
    /// number of tools.
    pub(crate) fn write(tool_counts: &[usize]) -> Result<Self> {
        let program = std::env::current_exe().map_err(context("the path of this program"))?;
        let target = program
            .ancestors()
            .nth(2)
            .ok_or("this program is not in a target directory")?;
        let this = Self {
            root: target.join("compile"),
        };
        let agno = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("agno");
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[workspace.dependencies]\n\
             agno = {{ path = {agno:?}, default-features = false, features = [\"schemars\"] }}\n\
             schemars = \"1\"\nserde = {{ version = \"1\", features = [\"derive\"] }}\n"
        );
        // Removes the crates of an earlier run, which may have other numbers of tools.
        let crates = this.root.join("crates");
        if crates.exists() {
            fs::remove_dir_all(&crates).map_err(context("the old crates"))?;
        }
        this.file("Cargo.toml", &manifest)?;
        // Pins the dependencies to the versions that this repository uses.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.lock");
        fs::copy(lock, this.root.join("Cargo.lock")).map_err(context("Cargo.lock"))?;
        for form in Form::ALL {
            for tools in tool_counts {
                this.package(&name(form, *tools), "lib.rs", &form.source(*tools), "")?;
            }
        }
        if let Some(first) = tool_counts.first() {
            let (a, b) = (name(Form::Macros, *first), name(Form::Twin, *first));
            let dependencies = format!("{a} = {{ path = \"../{a}\" }}\n{b} = {{ path = \"../{b}\" }}\n");
            let program = COMPARISON.replace("MACROS", &a).replace("TWIN", &b);
            this.package("same", "main.rs", &program, &dependencies)?;
        }
        Ok(this)
    }

    fn package(&self, name: &str, file: &str, source: &str, dependencies: &str) -> Result<()> {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\nagno.workspace = true\n\
             schemars.workspace = true\nserde.workspace = true\n{dependencies}"
        );
        self.file(&format!("crates/{name}/Cargo.toml"), &manifest)?;
        self.file(&format!("crates/{name}/src/{file}"), source)
    }

    fn file(&self, path: &str, text: &str) -> Result<()> {
        let path = self.root.join(path);
        let directory = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(directory).map_err(context(directory.display()))?;
        fs::write(&path, text).map_err(context(path.display()))
    }

    /// Recompiles a crate and returns the CPU seconds of the compiler. Dependencies are compiled only the first time.
    pub(crate) fn compile(&self, job: Job, form: Form, tools: usize) -> Result<f64> {
        let name = name(form, tools);
        let source = self.source(&name);
        File::options()
            .append(true)
            .open(&source)
            .and_then(|file| file.set_modified(SystemTime::now()))
            .map_err(context(source.display()))?;
        self.cargo([job.command(), "--package", &name], "")?;
        let report = self.root.join(&name).with_extension(compiler::SECONDS);
        let text = fs::read_to_string(&report).map_err(context(report.display()))?;
        text.parse().map_err(context(report.display()))
    }

    /// Returns the numbers of bytes and lines in a crate after macro expansion.
    pub(crate) fn expansion(&self, form: Form, tools: usize) -> Result<(usize, usize)> {
        let name = name(form, tools);
        let source = self.source(&name);
        let text = fs::read_to_string(&source).map_err(context(source.display()))?;
        // Updates the timestamp; otherwise, cargo would not call the compiler.
        fs::write(&source, text).map_err(context(source.display()))?;
        self.cargo(["check", "--package", &name], compiler::EXPAND)?;
        let expansion = self.root.join(&name).with_extension(compiler::EXPANSION);
        let text = fs::read_to_string(&expansion).map_err(context(expansion.display()))?;
        Ok((text.len(), text.lines().count()))
    }

    /// Runs the program that compares the tool declarations of the macros and the twin.
    pub(crate) fn compare(&self) -> Result<()> {
        self.cargo(["run", "--package", "same"], "")
    }

    fn source(&self, name: &str) -> PathBuf {
        self.root.join("crates").join(name).join("src/lib.rs")
    }

    /// Runs cargo, and fails on compiler errors and warnings.
    fn cargo<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>, expand: &str) -> Result<()> {
        let program = std::env::current_exe().map_err(context("the path of this program"))?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            // Incremental compilation would reuse earlier results and hide the cost of a declaration.
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC_WORKSPACE_WRAPPER", program)
            .env(compiler::REPORTS, &self.root)
            .env(compiler::EXPAND, expand)
            .output()
            .map_err(context("cargo"))?;
        let diagnostics = String::from_utf8_lossy(&output.stderr);
        let lint = ["warning", "long_running_const_eval"]
            .iter()
            .any(|word| diagnostics.contains(word));
        if output.status.success() && !lint {
            return Ok(());
        }
        Err(format!(
            "the generated crates do not compile without warnings:\n{diagnostics}"
        ))
    }
}

fn name(form: Form, tools: usize) -> String {
    format!("{}_{tools}", form.name())
}

/// Prefixes an error with its subject.
fn context<E: std::fmt::Display>(subject: impl std::fmt::Display) -> impl Fn(E) -> String {
    move |error| format!("{subject}: {error}")
}

/// Source of a program that asserts that the macros and the twin declare the same tools to a model.
const COMPARISON: &str = r#"//! Asserts that two forms declare the same tools.

use agno::agent::Declared;
use agno::schema::AnyDialect;
use agno::tool::Toolset;

fn declarations(tools: &impl Toolset, dialect: AnyDialect) -> Vec<String> {
    let mut declarations = Vec::new();
    tools.declare(dialect, &mut |tool, json| declarations.push(format!("{tool:?} {json}")));
    declarations
}

fn main() {
    let a = MACROS::Agent0 { language: "French" };
    let b = TWIN::Agent0 { language: "French" };
    let dialects = [AnyDialect::OpenAi, AnyDialect::Anthropic, AnyDialect::Gemini, AnyDialect::JsonSchema];
    for dialect in dialects {
        let (a, b) = (declarations(&a.tools(), dialect), declarations(&b.tools(), dialect));
        assert_eq!(a, b);
    }
}
"#;
