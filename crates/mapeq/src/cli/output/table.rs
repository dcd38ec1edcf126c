//! Tables and numbers for readers.

/// Rows of `N` cells in aligned columns.
pub(crate) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
    /// Whether a column holds words, which are aligned to the left.
    words: [bool; N],
}

impl<const N: usize> Table<N> {
    /// Returns a table with headings. The first column holds words, the others numbers.
    pub(crate) fn new(headings: [&str; N]) -> Self {
        Self { rows: vec![headings.map(str::to_owned)], words: std::array::from_fn(|column| column == 0) }
    }

    /// Aligns the given columns to the left.
    pub(crate) fn with_words(mut self, columns: impl IntoIterator<Item = usize>) -> Self {
        columns.into_iter().for_each(|column| self.words[column] = true);
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    /// Returns the text, with words to the left, numbers to the right and two blanks between
    /// columns.
    pub(crate) fn aligned(&self) -> String {
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; N] = std::array::from_fn(width);
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                let cell = if self.words[column] { format!("{cell:<width$}") } else { format!("{cell:>width$}") };
                line.push_str(gap);
                line.push_str(&cell);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Lines of a label and a text.
#[derive(Default)]
pub(crate) struct Summary {
    lines: Vec<(&'static str, String)>,
}

impl Summary {
    /// Adds a line.
    pub(crate) fn line(&mut self, label: &'static str, text: impl Into<String>) {
        self.lines.push((label, text.into()));
    }

    /// Returns the text, with aligned labels.
    pub(crate) fn aligned(&self) -> String {
        let width = self.lines.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
        self.lines.iter().map(|(label, text)| format!("{label:<width$}  {text}\n")).collect()
    }
}

/// Returns a number and its noun: `1 link`, `12 345 links`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(number))
}

/// Returns a number with its digits in groups of three from 10 000 on.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let grouped = digits.char_indices().flat_map(|(place, digit)| {
        let gap = place > 0 && (digits.len() - place).is_multiple_of(3);
        gap.then_some(' ').into_iter().chain([digit])
    });
    grouped.collect()
}

/// Returns a number with nine decimals. Rounding errors do not make it negative.
pub(crate) fn precise(number: f64) -> String {
    let text = format!("{number:.9}");
    if text == "-0.000000000" { text[1..].to_owned() } else { text }
}

/// Returns a duration in seconds with its unit, to about three digits.
pub(crate) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 0.00995 => format!("{:.1} ms", 1000.0 * s),
        s if s < 0.9995 => format!("{:.0} ms", 1000.0 * s),
        s if s < 9.995 => format!("{s:.2} s"),
        s if s < 99.95 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{s:.0} s"),
        s => format!("{:.1} h", s / 3600.0),
    }
}

/// Returns a number of bytes with its unit.
pub(crate) fn bytes(bytes: u64) -> String {
    let mebibytes = bytes as f64 / (1u64 << 20) as f64;
    if mebibytes < 1024.0 { format!("{mebibytes:.0} MiB") } else { format!("{:.1} GiB", mebibytes / 1024.0) }
}

/// Returns the numbers of modules at the upper levels, top first.
pub(crate) fn modules_per_level(modules: &[usize]) -> String {
    const SHOWN: usize = 6;
    let mut levels: Vec<String> = modules.iter().take(SHOWN).map(|&modules| grouped(modules)).collect();
    if modules.len() > SHOWN {
        levels.push("…".to_owned());
    }
    levels.join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new(["mode", "bits"]);
        table.row(["one-level".to_owned(), "4.7".to_owned()]);
        table.row(["né".to_owned(), "10.25".to_owned()]);
        assert_eq!(table.aligned(), "mode        bits\none-level    4.7\nné         10.25\n");
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(count(1, "link"), "1 link");
        assert_eq!(count(1234, "link"), "1234 links");
        assert_eq!(count(1234567, "link"), "1 234 567 links");
        assert_eq!(modules_per_level(&[3, 12345]), "3 / 12 345");
        assert_eq!(modules_per_level(&[1; 9]), "1 / 1 / 1 / 1 / 1 / 1 / …");
        assert_eq!((precise(-1e-17), precise(-1e-9)), ("0.000000000".to_owned(), "-0.000000001".to_owned()));
        assert_eq!(duration(0.00123), "1.2 ms");
        assert_eq!(duration(0.0996), "100 ms");
        assert_eq!(duration(0.9996), "1.00 s");
        assert_eq!(duration(12.34), "12.3 s");
        assert_eq!(bytes(3 << 29), "1.5 GiB");
    }
}
