//! Words that a source has and a result lacks. In: two texts. Out: the words. Must not know: formats.

use std::collections::HashMap;

/// Words that occur more often in the source than in the result, each as often as it is missing; at most a few.
pub fn missing(source: &str, result: &str) -> Vec<String> {
    let mut counts: HashMap<&str, isize> = HashMap::new();
    for word in words(result) {
        *counts.entry(word).or_default() += 1;
    }
    let mut out = Vec::new();
    for word in words(source) {
        let left = counts.entry(word).or_default();
        *left -= 1;
        if *left < 0 && out.len() < 50 {
            out.push(word.to_string());
        }
    }
    out
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
