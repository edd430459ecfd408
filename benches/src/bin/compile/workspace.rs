//! The workspace of generated crates, in a folder of its own under the target directory, and the calls of cargo on it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::compiler;
use crate::generate::Form;

/// What goes wrong, in words.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// What cargo does to a crate.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Job {
    /// Types, rules and constants.
    Check,
    /// A debug build.
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
    /// Writes them all: each form with each of these numbers of tools, and the program that compares two forms with the
    /// first number.
    pub(crate) fn write(numbers: &[usize]) -> Result<Self> {
        let program = std::env::current_exe().map_err(said("the path of this program"))?;
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
        // What an earlier run with other numbers left would be compiled too.
        let crates = this.root.join("crates");
        if crates.exists() {
            fs::remove_dir_all(&crates).map_err(said("the old crates"))?;
        }
        this.file("Cargo.toml", &manifest)?;
        // The versions of this repository.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.lock");
        fs::copy(lock, this.root.join("Cargo.lock")).map_err(said("Cargo.lock"))?;
        for form in Form::ALL {
            for tools in numbers {
                this.package(&name(form, *tools), "lib.rs", &form.source(*tools), "")?;
            }
        }
        if let Some(few) = numbers.first() {
            let (a, b) = (name(Form::Macros, *few), name(Form::Twin, *few));
            let dependencies = format!("{a} = {{ path = \"../{a}\" }}\n{b} = {{ path = \"../{b}\" }}\n");
            let program = SAME.replace("MACROS", &a).replace("TWIN", &b);
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
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(said(folder.display()))?;
        fs::write(&path, text).map_err(said(path.display()))
    }

    /// Compiles a crate afresh, its dependencies only if they never were; the CPU seconds of the compiler.
    pub(crate) fn compile(&self, job: Job, form: Form, tools: usize) -> Result<f64> {
        let name = name(form, tools);
        let source = self.source(&name);
        File::options()
            .append(true)
            .open(&source)
            .and_then(|file| file.set_modified(SystemTime::now()))
            .map_err(said(source.display()))?;
        self.cargo([job.command(), "--package", &name], "")?;
        let report = self.root.join(&name).with_extension(compiler::SECONDS);
        let text = fs::read_to_string(&report).map_err(said(report.display()))?;
        text.parse().map_err(said(report.display()))
    }

    /// Bytes and lines of a crate when all macros are expanded.
    pub(crate) fn expansion(&self, form: Form, tools: usize) -> Result<(usize, usize)> {
        let name = name(form, tools);
        let source = self.source(&name);
        let text = fs::read_to_string(&source).map_err(said(source.display()))?;
        // Another time stamp than the last, or cargo would not call the compiler.
        fs::write(&source, text).map_err(said(source.display()))?;
        self.cargo(["check", "--package", &name], compiler::EXPAND)?;
        let expansion = self.root.join(&name).with_extension(compiler::EXPANSION);
        let text = fs::read_to_string(&expansion).map_err(said(expansion.display()))?;
        Ok((text.len(), text.lines().count()))
    }

    /// Runs the program that compares what the macros tell a model with what the twin tells it.
    pub(crate) fn compare(&self) -> Result<()> {
        self.cargo(["run", "--package", "same"], "")
    }

    fn source(&self, name: &str) -> PathBuf {
        self.root.join("crates").join(name).join("src/lib.rs")
    }

    /// Calls cargo; an error of the compiler is one here, and so is a warning.
    fn cargo<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>, expand: &str) -> Result<()> {
        let program = std::env::current_exe().map_err(said("the path of this program"))?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            // Each compilation is a whole one: what the compiler remembers of the last is no cost of a declaration.
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTC_WORKSPACE_WRAPPER", program)
            .env(compiler::REPORTS, &self.root)
            .env(compiler::EXPAND, expand)
            .output()
            .map_err(said("cargo"))?;
        let told = String::from_utf8_lossy(&output.stderr);
        let lint = ["warning", "long_running_const_eval"]
            .iter()
            .any(|word| told.contains(word));
        if output.status.success() && !lint {
            return Ok(());
        }
        Err(format!(
            "the generated crates must compile without a word:\n{told}"
        ))
    }
}

fn name(form: Form, tools: usize) -> String {
    format!("{}_{tools}", form.name())
}

fn said<E: std::fmt::Display>(of: impl std::fmt::Display) -> impl Fn(E) -> String {
    move |error| format!("{of}: {error}")
}

/// The twin is one only if a model is told the same of it.
const SAME: &str = r#"//! Compares what a model is told of the tools in two forms.

use agno::agent::Declared;
use agno::schema::AnyDialect;
use agno::tool::Toolset;

fn told(tools: &impl Toolset, dialect: AnyDialect) -> Vec<String> {
    let mut told = Vec::new();
    tools.declare(dialect, &mut |tool, json| told.push(format!("{tool:?} {json}")));
    told
}

fn main() {
    let a = MACROS::Agent0 { language: "French" };
    let b = TWIN::Agent0 { language: "French" };
    let dialects = [AnyDialect::OpenAi, AnyDialect::Anthropic, AnyDialect::Gemini, AnyDialect::JsonSchema];
    for dialect in dialects {
        let (a, b) = (told(&a.tools(), dialect), told(&b.tools(), dialect));
        assert_eq!(a, b);
    }
}
"#;
