//! Numbers as text: six significant digits, or as many as needed.

/// Formats a number with six significant digits like C's `%g`: `0.0714286`, `1e-07`, `100000`,
/// `1e+06`.
///
/// ```
/// assert_eq!(mapeq_io::format_g6(1.0 / 14.0), "0.0714286");
/// ```
pub fn format_g6(value: f64) -> String {
    const DIGITS: i32 = 6;
    if !value.is_finite() {
        return value.to_string().to_lowercase();
    }
    // The exponent after rounding decides: 999999.5 becomes 1e+06.
    let scientific = format!("{value:.*e}", DIGITS as usize - 1);
    let (mantissa, exponent) = scientific.split_once('e').expect("scientific notation has an exponent");
    let exponent: i32 = exponent.parse().expect("the exponent is a whole number");
    if (-4..DIGITS).contains(&exponent) {
        let fixed = format!("{value:.*}", (DIGITS - 1 - exponent) as usize);
        trim_zeros(&fixed).to_owned()
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim_zeros(mantissa), exponent.abs())
    }
}

/// Rounds a number to the digits that [`format_g6`] writes.
pub(crate) fn round_g6(value: f64) -> f64 {
    if value.is_finite() { format!("{value:.5e}").parse().expect("a number in scientific notation") } else { value }
}

fn trim_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

/// Displays a number with the fewest digits that read back as the same number, with an exponent if
/// that is shorter.
pub(crate) struct Shortest(pub(crate) f64);

impl std::fmt::Display for Shortest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 == 0.0 || (1e-5..1e16).contains(&self.0.abs()) {
            write!(f, "{}", self.0)
        } else {
            write!(f, "{:e}", self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::format_g6;

    /// Expected texts are those of `printf("%g", x)` in glibc.
    #[test]
    fn as_c_prints_it() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.5, "0.5"),
            (1.0 / 14.0, "0.0714286"),
            (0.1 + 0.2, "0.3"),
            (1e-7, "1e-07"),
            (1.25e-7, "1.25e-07"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (0.000099999949, "9.99999e-05"),
            (0.000099999999, "0.0001"),
            (100000.0, "100000"),
            (999999.4, "999999"),
            (999999.5, "1e+06"),
            (1e6, "1e+06"),
            (123456789.0, "1.23457e+08"),
            (2.5, "2.5"),
            (0.0000125, "1.25e-05"),
            (1.0000005, "1"),
            (1.000005, "1.00001"),
            (1.000015, "1.00002"),
            (-2.320730356834, "-2.32073"),
            (9.227918, "9.22792"),
            (1e300, "1e+300"),
            (5e-324, "4.94066e-324"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "nan"),
        ];
        for (value, text) in cases {
            assert_eq!(format_g6(value), text, "{value:e}");
        }
    }
}
