//! Markdown tables and the numbers in them.

use std::fmt::Write as _;

/// Renders a table. The first column is left-aligned, all others are right-aligned.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut text = format!("| {} |\n|---|{}\n", head.join(" | "), "---:|".repeat(N - 1));
    for row in rows {
        writeln!(text, "| {} |", row.join(" | ")).expect("memory");
    }
    text
}

/// Formats a number with about three digits, without an exponent.
pub(crate) fn digits(number: f64) -> String {
    let after_point = match number.abs() {
        x if x >= 100.0 => 0,
        x if x >= 10.0 => 1,
        x if x >= 1.0 => 2,
        _ => 3,
    };
    format!("{number:.after_point$}")
}

/// Formats options as code, or as `none`.
pub(crate) fn code(options: &str) -> String {
    if options.is_empty() { "none".to_owned() } else { format!("`{options}`") }
}

/// Formats bits with six decimals.
pub(crate) fn bits(codelength: f64) -> String {
    format!("{codelength:.6}")
}

/// Formats bytes in units of 10⁶ bytes.
pub(crate) fn megabytes(bytes: f64) -> String {
    digits(bytes / 1e6)
}

/// Formats the ratio of two costs; empty if the second is zero.
pub(crate) fn times(cost: f64, reference: f64) -> String {
    if reference > 0.0 { format!("{} ×", digits(cost / reference)) } else { String::new() }
}

/// Formats 1234567 as 1 234 567.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_tables_are_tables() {
        assert_eq!(
            [digits(1234.5), digits(12.345), digits(1.2345), digits(0.01234)],
            ["1234", "12.3", "1.23", "0.012"]
        );
        assert_eq!([grouped(7), grouped(1234), grouped(1_000_000)], ["7", "1 234", "1 000 000"]);
        assert_eq!(times(3.0, 2.0), "1.50 ×");
        assert_eq!(table(["a", "b"], [["1".into(), "2".into()]]), "| a | b |\n|---|---:|\n| 1 | 2 |\n");
    }
}
