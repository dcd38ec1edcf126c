//! Notes and warnings for the user.

use super::args::CommonArgs;

/// Notes and warnings in the order of their occurrence, each text once.
#[derive(Default)]
pub(crate) struct Notes(Vec<Note>);

struct Note {
    label: &'static str,
    text: String,
}

impl Notes {
    /// Adds a note on something that differs from the user's expectation.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.add("note", text.into());
    }

    /// Adds a warning on something that may make the result worthless.
    pub(crate) fn warning(&mut self, text: impl Into<String>) {
        self.add("warning", text.into());
    }

    /// Adds several notes.
    pub(crate) fn extend(&mut self, texts: impl IntoIterator<Item = String>) {
        texts.into_iter().for_each(|text| self.note(text));
    }

    fn add(&mut self, label: &'static str, text: String) {
        if self.0.iter().all(|note| note.text != text) {
            self.0.push(Note { label, text });
        }
    }

    /// Prints a line per note on standard error, unless `--quiet` or `--json` is given, and returns
    /// the texts.
    pub(crate) fn print(self, common: &CommonArgs) -> Vec<String> {
        if !common.quiet && !common.json {
            self.0.iter().for_each(|Note { label, text }| eprintln!("{label}: {text}"));
        }
        self.0.into_iter().map(|note| note.text).collect()
    }
}
