//! Tables and numbers in Markdown.

use std::fmt::Write as _;

/// A table: the first column to the left, all others to the right.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut text = format!("| {} |\n|---|{}\n", head.join(" | "), "---:|".repeat(N - 1));
    for row in rows {
        writeln!(text, "| {} |", row.join(" | ")).expect("memory");
    }
    text
}

/// About three digits, never in powers of ten.
pub(crate) fn digits(number: f64) -> String {
    let after_point = match number.abs() {
        x if x >= 100.0 => 0,
        x if x >= 10.0 => 1,
        x if x >= 1.0 => 2,
        _ => 3,
    };
    format!("{number:.after_point$}")
}

/// Bits, with six digits after the point.
pub(crate) fn bits(codelength: f64) -> String {
    format!("{codelength:.6}")
}

/// 10⁶ bytes.
pub(crate) fn megabytes(bytes: f64) -> String {
    digits(bytes / 1e6)
}

/// How many times as much, empty where there is nothing to compare with.
pub(crate) fn times(cost: f64, of: f64) -> String {
    if of > 0.0 { format!("{} ×", digits(cost / of)) } else { String::new() }
}

/// 1234567 as 1 234 567.
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
