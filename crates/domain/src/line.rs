//! One line of text that people type, such as a name.

/// What is wrong with a text that should be one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALine {
    /// Nothing is left of it without the spaces around it.
    #[error("must not be empty")]
    Empty,
    /// It is longer than so many characters.
    #[error("has at most {0} characters")]
    Long(usize),
    /// It has characters that cannot be seen.
    #[error("must be one line of text")]
    Unseen,
}

/// The text without spaces around it: 1 to `most` characters, none that cannot be seen.
pub fn line(text: &str, most: usize) -> Result<&str, NotALine> {
    let text = text.trim();
    if text.is_empty() {
        Err(NotALine::Empty)
    } else if text.chars().count() > most {
        Err(NotALine::Long(most))
    } else if text.chars().any(is_unseen) {
        Err(NotALine::Unseen)
    } else {
        Ok(text)
    }
}

/// Besides control characters: other ends of lines, what turns text around and what has no width, by all of which one name
/// could pass for another. Joiners stay, which some scripts cannot be written without.
fn is_unseen(one: char) -> bool {
    let other = matches!(one, '\u{ad}' | '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    one.is_control() || other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_and_held_to_its_length() {
        assert_eq!(line("  Zoë & Co ", 8), Ok("Zoë & Co"));
        assert_eq!(line("Zoë & Co.", 8), Err(NotALine::Long(8)));
        assert_eq!(line(" \t", 8), Err(NotALine::Empty));
        for unseen in ["a\nb", "a\u{2028}b", "a\u{202e}b", "a\u{2066}b", "a\u{200b}", "\u{feff}", "a\u{ad}b"] {
            assert_eq!(line(unseen, 8), Err(NotALine::Unseen), "{unseen:?}");
        }
        let joined = "\u{646}\u{645}\u{6cc}\u{200c}\u{634}\u{648}\u{62f}";
        assert_eq!(line(joined, 8), Ok(joined));
    }
}
