//! Splits the model's output into text, reasoning, calls and their arguments as it arrives.

use super::grammar::{Frame, OPEN, opening};

/// A part of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ReadEvent {
    Text(String),
    Thinking(String),
    /// The beginning of a call to this tool.
    Call(String),
    /// More of the last call's arguments.
    Arguments(String),
}

/// Reads an answer incrementally.
#[derive(Debug)]
pub(super) struct Reader {
    /// The beginning of a call to each tool, with the tool's name.
    openings: Vec<(String, String)>,
    stops: Vec<String>,
    /// `true` if calls are enclosed in tags.
    tagged: bool,
    state: State,
    /// The bytes of an incomplete character.
    partial: Vec<u8>,
    /// Text that is still ambiguous. It may be the beginning of a call, a tag or a stop sequence.
    buffer: String,
    /// `true` if the answer contained a stop sequence.
    pub(super) stopped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The beginning of the answer, or of the part after the reasoning.
    Start,
    Thinking,
    Text,
    /// Between calls.
    Calls,
    Arguments {
        depth: usize,
        quoted: bool,
        escaped: bool,
    },
}

impl Reader {
    /// Creates a reader for answers that may call these tools.
    pub(super) fn new<'a>(tools: impl Iterator<Item = &'a str>, stops: Vec<String>, frame: Frame) -> Self {
        Self {
            openings: tools.map(|name| (opening(name), name.to_owned())).collect(),
            stops,
            tagged: frame == Frame::Tagged,
            state: State::Start,
            partial: vec![],
            buffer: String::new(),
            stopped: false,
        }
    }

    /// Reads the beginning of the answer as reasoning, which the template has already opened.
    pub(super) fn start_thinking(&mut self) {
        self.state = State::Thinking;
    }

    /// Returns `true` if the current part of the answer is text.
    pub(super) fn is_text(&self) -> bool {
        self.state == State::Text
    }

    /// Reads more bytes and emits the resulting events.
    pub(super) fn push(&mut self, bytes: &[u8], emit: &mut dyn FnMut(ReadEvent)) {
        self.partial.extend_from_slice(bytes);
        let end = match std::str::from_utf8(&self.partial) {
            Ok(_) => self.partial.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            // The bytes are invalid rather than incomplete, so they are replaced.
            Err(_) => self.partial.len(),
        };
        let rest = self.partial.split_off(end);
        self.buffer.push_str(&String::from_utf8_lossy(&self.partial));
        self.partial = rest;
        while self.step(false, emit) {}
    }

    /// Ends the answer and emits the buffered text.
    pub(super) fn finish(&mut self, emit: &mut dyn FnMut(ReadEvent)) {
        while self.step(true, emit) {}
    }

    /// Processes the buffer. Returns `false` when nothing more can be processed.
    fn step(&mut self, last: bool, emit: &mut dyn FnMut(ReadEvent)) -> bool {
        if self.buffer.is_empty() || self.stopped {
            return false;
        }
        match self.state {
            State::Start => self.start(last),
            State::Thinking => self.take_until("</think>", last, &mut |text| emit(ReadEvent::Thinking(text))),
            State::Text => self.text(last, emit),
            State::Calls => self.next_call(emit),
            State::Arguments { .. } => self.arguments(emit),
        }
    }

    fn start(&mut self, last: bool) -> bool {
        let trimmed = self.buffer.trim_start();
        if trimmed.is_empty() {
            self.buffer.clear();
            return false;
        }
        let openings = self.openings.iter().map(|(opening, _)| opening.as_str());
        let tags = [("<think>", State::Thinking), (OPEN, State::Calls)];
        let tags = &tags[..if self.calls_are_tagged() { 2 } else { 1 }];
        for (tag, state) in tags {
            if let Some(rest) = trimmed.strip_prefix(tag) {
                self.state = *state;
                self.buffer = rest.to_owned();
                return true;
            }
        }
        if !self.openings.is_empty()
            && self
                .openings
                .iter()
                .any(|(opening, _)| trimmed.starts_with(opening.as_str()))
        {
            self.state = State::Calls;
        } else if !last
            && openings
                .chain(tags.iter().map(|(tag, _)| *tag))
                .any(|opening| opening.starts_with(trimmed))
        {
            return false;
        } else {
            self.buffer = trimmed.to_owned();
            self.state = State::Text;
        }
        true
    }

    fn calls_are_tagged(&self) -> bool {
        self.tagged && !self.openings.is_empty()
    }

    fn text(&mut self, last: bool, emit: &mut dyn FnMut(ReadEvent)) -> bool {
        if let Some(at) = self
            .stops
            .iter()
            .filter_map(|stop| self.buffer.find(stop.as_str()))
            .min()
        {
            self.buffer.truncate(at);
            self.stopped = true;
            if !self.buffer.is_empty() {
                emit(ReadEvent::Text(std::mem::take(&mut self.buffer)));
            }
            return false;
        }
        let calls = self.calls_are_tagged();
        if let (true, Some(at)) = (calls, self.buffer.find(OPEN)) {
            let before = self.buffer[..at].trim_end();
            if !before.is_empty() {
                emit(ReadEvent::Text(before.to_owned()));
            }
            self.buffer.drain(..at + OPEN.len());
            self.state = State::Calls;
            return true;
        }
        let markers = self.stops.iter().map(String::as_str).chain(calls.then_some(OPEN));
        let mut retained = if last {
            0
        } else {
            markers.map(|mark| tail(&self.buffer, mark)).max().unwrap_or(0)
        };
        if !last && calls {
            // Whitespace before a call is not part of the text.
            retained +=
                self.buffer.len() - retained - self.buffer[..self.buffer.len() - retained].trim_end().len();
        }
        let ready = self
            .buffer
            .drain(..self.buffer.len() - retained)
            .collect::<String>();
        if !ready.is_empty() {
            emit(ReadEvent::Text(ready));
        }
        false
    }

    fn take_until(&mut self, tag: &str, last: bool, emit: &mut dyn FnMut(String)) -> bool {
        if let Some(at) = self.buffer.find(tag) {
            let before = self.buffer[..at].trim().to_owned();
            if !before.is_empty() {
                emit(before);
            }
            self.buffer.drain(..at + tag.len());
            self.state = State::Start;
            return true;
        }
        let retained = if last { 0 } else { tail(&self.buffer, tag) };
        let ready = self
            .buffer
            .drain(..self.buffer.len() - retained)
            .collect::<String>();
        if !ready.is_empty() {
            emit(ready);
        }
        false
    }

    fn next_call(&mut self, emit: &mut dyn FnMut(ReadEvent)) -> bool {
        let Some(at) = self.buffer.find('{') else {
            self.buffer.clear();
            return false;
        };
        let found = self
            .openings
            .iter()
            .find(|(opening, _)| self.buffer[at..].starts_with(opening.as_str()));
        let Some((opening, name)) = found else {
            return false;
        };
        emit(ReadEvent::Call(name.clone()));
        self.buffer.drain(..at + opening.len());
        self.state = State::Arguments {
            depth: 0,
            quoted: false,
            escaped: false,
        };
        true
    }

    fn arguments(&mut self, emit: &mut dyn FnMut(ReadEvent)) -> bool {
        let State::Arguments {
            mut depth,
            mut quoted,
            mut escaped,
        } = self.state
        else {
            return false;
        };
        let mut end = None;
        for (i, byte) in self.buffer.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        end = Some(i + 1);
                        break;
                    }
                }
                _ => {}
            }
        }
        self.state = if end.is_some() {
            State::Calls
        } else {
            State::Arguments {
                depth,
                quoted,
                escaped,
            }
        };
        let ready = self
            .buffer
            .drain(..end.unwrap_or(self.buffer.len()))
            .collect::<String>();
        emit(ReadEvent::Arguments(ready));
        // The search for the next `{` skips the brace that closes the call.
        true
    }
}

/// Returns the length of the longest suffix of `text` that is a proper prefix of `mark`.
fn tail(text: &str, mark: &str) -> usize {
    let max = text.len().min(mark.len().saturating_sub(1));
    (1..=max)
        .rev()
        .find(|n| text.is_char_boundary(text.len() - n) && mark.starts_with(&text[text.len() - n..]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads an answer byte by byte and merges adjacent events of the same kind.
    fn read(answer: &str, tools: &[&str], stops: &[&str]) -> Vec<ReadEvent> {
        let stops = stops.iter().map(|&stop| stop.to_owned()).collect();
        let mut reader = Reader::new(tools.iter().copied(), stops, Frame::Tagged);
        let mut events: Vec<ReadEvent> = vec![];
        let mut record = |event: ReadEvent| match (events.last_mut(), event) {
            (Some(ReadEvent::Text(all)), ReadEvent::Text(more))
            | (Some(ReadEvent::Thinking(all)), ReadEvent::Thinking(more))
            | (Some(ReadEvent::Arguments(all)), ReadEvent::Arguments(more)) => all.push_str(&more),
            (_, event) => events.push(event),
        };
        for byte in answer.as_bytes() {
            reader.push(&[*byte], &mut record);
        }
        reader.finish(&mut record);
        events
    }

    fn text(text: &str) -> ReadEvent {
        ReadEvent::Text(text.to_owned())
    }

    #[test]
    fn text_that_is_not_a_tool_call_remains_text() {
        assert_eq!(
            read("Grüß dich, {\"name\"}!", &["weather"], &[]),
            [text("Grüß dich, {\"name\"}!")]
        );
        assert_eq!(
            read("{\"name\": \"Ada\"}", &["weather"], &[]),
            [text("{\"name\": \"Ada\"}")]
        );
    }

    #[test]
    fn consecutive_calls_are_separated() {
        let answer = "{\"name\": \"weather\", \"arguments\": {\"city\": \"a}\\\"{b\"}}\n\
            {\"name\": \"time\", \"arguments\": {}}";
        let expected = [
            ReadEvent::Call("weather".into()),
            ReadEvent::Arguments("{\"city\": \"a}\\\"{b\"}".into()),
            ReadEvent::Call("time".into()),
            ReadEvent::Arguments("{}".into()),
        ];
        assert_eq!(read(answer, &["weather", "time"], &[]), expected);
    }

    #[test]
    fn thinking_text_and_tagged_calls_are_separated() {
        let answer = "<think>\nHm.\n</think>\n\nLet me see.\n<tool_call>\n{\"name\": \"time\", \"arguments\": {}}\n</tool_call>";
        let expected = [
            ReadEvent::Thinking("\nHm.\n".into()),
            text("Let me see."),
            ReadEvent::Call("time".into()),
            ReadEvent::Arguments("{}".into()),
        ];
        assert_eq!(read(answer, &["time"], &[]), expected);
    }

    #[test]
    fn a_stop_sequence_ends_the_text() {
        assert_eq!(
            read("one two STOP three", &[], &["STOP", "ST O"]),
            [text("one two ")]
        );
    }

    #[test]
    fn tool_call_tags_without_tools_are_text() {
        assert_eq!(read("a <tool_call> b", &[], &[]), [text("a <tool_call> b")]);
    }
}
