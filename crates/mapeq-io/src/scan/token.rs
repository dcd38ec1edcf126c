//! Scanning of a line of bytes: blanks, fields and numbers.

/// Returns whether a byte separates fields. A carriage return does, so lines may end in CR LF.
#[inline(always)]
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

/// Removes leading blanks.
#[inline(always)]
pub(crate) fn skip_blanks(mut line: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = line
        && is_blank(*first)
    {
        line = rest;
    }
    line
}

/// Splits off the first field of a line.
pub(crate) fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = skip_blanks(line);
    let end = line.iter().position(|&byte| is_blank(byte)).unwrap_or(line.len());
    (end > 0).then(|| line.split_at(end))
}

/// Like [`split_field`], but `#` at the start of a field begins a comment.
pub(crate) fn split_data(line: &[u8]) -> Option<(&[u8], &[u8])> {
    split_field(line).filter(|(field, _)| field[0] != b'#')
}

/// Returns the fields of a line up to a comment.
pub(crate) fn fields(mut line: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (field, rest) = split_data(line)?;
        line = rest;
        Some(field)
    })
}

/// Splits off the first field of a line if it is a whole number.
#[inline(always)]
pub(crate) fn leading_whole(line: &[u8]) -> Option<(u64, &[u8])> {
    let line = skip_blanks(line);
    let line = line.strip_prefix(b"+").unwrap_or(line);
    let mut value = 0u64;
    let mut length = 0;
    while let Some(&byte) = line.get(length) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            if is_blank(byte) {
                break;
            }
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
        length += 1;
    }
    (length > 0).then(|| (value, &line[length..]))
}

/// Parses a whole number: digits, optionally after a `+`, up to the largest 64-bit number.
pub(crate) fn whole(token: &[u8]) -> Option<u64> {
    leading_whole(token).and_then(|(value, rest)| rest.is_empty().then_some(value))
}

/// Returns whether a token consists of digits, optionally after a `+`.
pub(crate) fn is_digits(token: &[u8]) -> bool {
    let token = token.strip_prefix(b"+").unwrap_or(token);
    !token.is_empty() && token.iter().all(u8::is_ascii_digit)
}

/// Parses a decimal number, including infinities and NaN.
pub(crate) fn real(token: &[u8]) -> Option<f64> {
    fast_float2::parse(token).ok()
}

/// Returns whether a token looks like a number, such as `-2`, `1.5` or `1e3`, but not `nan`.
pub(crate) fn looks_like_number(token: &[u8]) -> bool {
    let unsigned = token.strip_prefix(b"-").or_else(|| token.strip_prefix(b"+")).unwrap_or(token);
    matches!(unsigned.first(), Some(b'0'..=b'9' | b'.')) && real(token).is_some()
}

/// Returns whether a token looks like fields separated or ended by commas or semicolons: `1,2`,
/// `alice;`.
pub(crate) fn looks_separated(token: &[u8]) -> bool {
    let is_separator = |byte: &u8| matches!(byte, b',' | b';');
    let numbers = |token: &[u8]| token.split(is_separator).all(|part| part.is_empty() || looks_like_number(part));
    token.last().is_some_and(is_separator) || token.iter().any(is_separator) && numbers(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        assert_eq!(whole(b"+007"), Some(7));
        assert_eq!(whole(b"18446744073709551615"), Some(u64::MAX));
        for token in ["", "+", "18446744073709551616", "1.0", "-1", "1x", "++1", "1 "] {
            assert_eq!(whole(token.as_bytes()), None, "{token:?}");
        }
        assert_eq!(leading_whole(b" \t12\r"), Some((12, &b"\r"[..])));
    }

    #[test]
    fn fields_end_at_a_comment() {
        assert_eq!(fields(b" 1\t2#b  # c 3").collect::<Vec<_>>(), [&b"1"[..], b"2#b"]);
        assert_eq!(fields(b" \r").count(), 0);
    }

    #[test]
    fn tokens_that_look_like_numbers() {
        for token in ["-2", "1.5", "1e3", ".5", "+1.", "7"] {
            assert!(looks_like_number(token.as_bytes()), "{token}");
        }
        for token in ["nan", "inf", "-inf", "2nd", "1e", ".", "a1", "-", "10.1.2.3"] {
            assert!(!looks_like_number(token.as_bytes()), "{token}");
        }
        for token in ["1,2", "1;2;3", "alice,", "1,", ",", ",5"] {
            assert!(looks_separated(token.as_bytes()), "{token}");
        }
        for token in ["alice", "Doe,John", "a;b", "1", ""] {
            assert!(!looks_separated(token.as_bytes()), "{token}");
        }
    }
}
