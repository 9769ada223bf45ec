//! Characters counted, bytes wanted: `saphyr-parser` counts characters.

/// The distance in characters between noted byte offsets.
const STRIDE: usize = 16;

/// Turns the number of a character into the offset of its first byte, in the same time anywhere in the text.
pub(super) struct Offsets<'t> {
    text: &'t str,
    start: usize,
    /// The offset of each `STRIDE`th character; empty where every character is one byte.
    marks: Vec<usize>,
}

impl<'t> Offsets<'t> {
    /// Counts the characters of `text` from byte `start` on.
    pub(super) fn new(text: &'t str, start: usize) -> Self {
        let rest = &text[start..];
        let marks = if rest.is_ascii() {
            Vec::new()
        } else {
            rest.char_indices().step_by(STRIDE).map(|(offset, _)| start + offset).collect()
        };
        Self { text, start, marks }
    }

    /// Returns the offset of character `index`; or that of the end of a shorter text.
    pub(super) fn byte(&self, index: usize) -> usize {
        if self.marks.is_empty() {
            return self.text.len().min(self.start + index);
        }
        let Some(&mark) = self.marks.get(index / STRIDE) else {
            return self.text.len();
        };
        let within = self.text[mark..].char_indices().nth(index % STRIDE);
        within.map_or(self.text.len(), |(offset, _)| mark + offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_agree_with_counting() {
        let text = "\u{feff}aä€😀\n".repeat(100);
        for start in [0, 3] {
            let offsets = Offsets::new(&text, start);
            let mut count = 0;
            for (index, (offset, _)) in text[start..].char_indices().enumerate() {
                assert_eq!(offsets.byte(index), start + offset);
                count = index;
            }
            assert_eq!(offsets.byte(count + 1), text.len());
            assert_eq!(offsets.byte(count + 1000), text.len());
        }
        assert_eq!(Offsets::new("abc", 0).byte(2), 2);
        assert_eq!(Offsets::new("abc", 0).byte(9), 3);
    }
}
