//! Formats the table and compares it with two goals: compile time grows linearly, and in `cargo check` each tool costs at most
//! 15 ms more than its handwritten twin.

use std::fmt::Write as _;

use crate::generate::Form;

/// Maximum CPU milliseconds that a tool may add to `cargo check`, compared with the same tool written by hand.
const MAX_OVER_TWIN: f64 = 15.0;

/// Maximum ratio of the cost of an additional tool between 100 and 300 tools to its cost between 10 and 100 tools. Growth above
/// this ratio is not linear.
const MAX_GROWTH: f64 = 1.5;

/// The measurements of one crate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measurement {
    pub(crate) form: Form,
    pub(crate) tools: usize,
    /// CPU seconds of `cargo check`.
    pub(crate) check: f64,
    /// CPU seconds of `cargo build`.
    pub(crate) build: f64,
    /// Bytes of the expanded source.
    pub(crate) bytes: usize,
    pub(crate) lines: usize,
}

type Seconds = fn(&Measurement) -> f64;

const JOBS: [(&str, Seconds); 2] = [("check", |row| row.check), ("build", |row| row.build)];

/// Formats the table and the comparison with the goals.
pub(crate) fn report(measurements: &[Measurement]) -> String {
    let mut text = String::from(
        "form\ttools\tcheck s\tbuild s\tcheck ms/tool\tbuild ms/tool\texpanded kB\texpanded lines\tbytes/tool\n",
    );
    for row in measurements {
        let baseline = find(measurements, Form::Baseline, row.tools).unwrap_or(row);
        let per_tool = |seconds: Seconds| (seconds(row) - seconds(baseline)) * 1e3 / row.tools as f64;
        let bytes = (row.bytes as f64 - baseline.bytes as f64) / row.tools as f64;
        let [check, build] = JOBS.map(|(_, seconds)| per_tool(seconds));
        let _ = writeln!(
            text,
            "{}\t{}\t{:.2}\t{:.2}\t{check:.2}\t{build:.2}\t{}\t{}\t{bytes:.0}",
            row.form.name(),
            row.tools,
            row.check,
            row.build,
            row.bytes / 1000,
            row.lines,
        );
    }
    text.push_str("(milliseconds and bytes per tool are relative to the baseline and include the agents)\n");
    for (job, seconds) in JOBS {
        over_twin(&mut text, measurements, job, seconds);
        growth(&mut text, measurements, job, seconds);
    }
    text
}

fn find(measurements: &[Measurement], form: Form, tools: usize) -> Option<&Measurement> {
    measurements
        .iter()
        .find(|row| row.form == form && row.tools == tools)
}

/// Writes the additional cost per tool compared with the twin, in the largest crate.
fn over_twin(text: &mut String, measurements: &[Measurement], job: &str, seconds: Seconds) {
    let Some(macros) = measurements.iter().rfind(|row| row.form == Form::Macros) else {
        return;
    };
    let Some(twin) = find(measurements, Form::Twin, macros.tools) else {
        return;
    };
    let over = (seconds(macros) - seconds(twin)) * 1e3 / macros.tools as f64;
    let verdict = match job {
        "check" if over <= MAX_OVER_TWIN => ", within the goal of 15",
        "check" => ", OVER THE GOAL of 15",
        _ => "",
    };
    let _ = writeln!(
        text,
        "{job}: {over:+.2} ms per tool over the twin, with {} tools{verdict}",
        macros.tools
    );
}

/// Writes the cost of an additional tool in the last two steps between crate sizes.
fn growth(text: &mut String, measurements: &[Measurement], job: &str, seconds: Seconds) {
    for form in Form::ALL {
        let sizes: Vec<&Measurement> = measurements.iter().filter(|row| row.form == form).collect();
        let steps: Vec<f64> = sizes
            .windows(2)
            .map(|pair| (seconds(pair[1]) - seconds(pair[0])) * 1e3 / (pair[1].tools - pair[0].tools) as f64)
            .collect();
        let [.., before, last] = steps.as_slice() else {
            continue;
        };
        let verdict = if *last <= before * MAX_GROWTH {
            "linear"
        } else {
            "NOT LINEAR"
        };
        let _ = writeln!(
            text,
            "{job}: {}: each additional tool costs {before:.2} ms at first and {last:.2} ms at the end: {verdict}",
            form.name()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurement(form: Form, tools: usize, check: f64) -> Measurement {
        Measurement {
            form,
            tools,
            check,
            build: check,
            bytes: tools * 1000,
            lines: tools,
        }
    }

    #[test]
    fn superlinear_growth_is_reported() {
        let square = [10, 100, 300].map(|tools| measurement(Form::Macros, tools, (tools * tools) as f64));
        assert!(report(&square).contains("NOT LINEAR"));
        let line = [10, 100, 300].map(|tools| measurement(Form::Macros, tools, tools as f64));
        assert!(!report(&line).contains("NOT LINEAR"));
    }

    #[test]
    fn macros_are_compared_with_the_twin() {
        let all = [
            measurement(Form::Macros, 100, 3.0),
            measurement(Form::Twin, 100, 1.0),
        ];
        assert!(report(&all).contains("check: +20.00 ms per tool over the twin, with 100 tools, OVER"));
        let all = [
            measurement(Form::Macros, 100, 1.5),
            measurement(Form::Twin, 100, 1.0),
        ];
        assert!(report(&all).contains("check: +5.00 ms per tool over the twin, with 100 tools, within"));
    }
}
