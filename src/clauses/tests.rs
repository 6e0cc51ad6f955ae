//! What a reader can cite in a text, whatever way it is numbered.

use super::Clauses;
use crate::markdown::{FactError, Facts, RegisterTable, parse};

struct NoFacts;

impl Facts for NoFacts {
    fn lookup(&self, path: &str) -> Result<String, FactError> {
        Ok(path.to_string())
    }

    fn register(&self, _: &str, _: Option<&[String]>) -> Result<RegisterTable, FactError> {
        Ok(RegisterTable::default())
    }
}

fn clauses(text: &str) -> Clauses {
    Clauses::of(&parse(&"policy.md".into(), text, 0, false, &NoFacts, &mut Vec::new()).document)
}

fn has(text: &str, numbers: &[&str]) {
    let clauses = clauses(text);
    for number in numbers {
        assert!(clauses.numbered(number).next().is_some(), "{number} in {:?}", clauses.list);
    }
}

#[test]
fn numbers_typed_before_paragraphs_and_in_bold() {
    has(
        "## 2 — Work\n\n2.6 Extras: we may add some.\n\n**4.3** We may.\n\n**11. Bans.** None.\n",
        &["2", "2.6", "4.3", "11"],
    );
    has("(a) One\n(b) Two\n\n§ 12 Three\n", &["a", "B", "12"]);
    has("<p>7.1 Raw words</p>\n", &["7.1"]);
}

#[test]
fn items_inside_items_and_below_headings() {
    let text = "1. **Words.** Some.\n2. **Use.**\n\n    1. *Grant.* Yes.\n    2. *Owners.* Us.\n3. **Fees.** Pay.\n";
    has(text, &["1", "2", "2.1", "2.2", "3"]);
    has("## 1. Fees\n\n1. First.\n2. Second.\n", &["1.1", "1.2", "2"]);
    has("## Schedule A\n\n1. Only.\n", &["1"]);
}

#[test]
fn letters_and_roman_figures_count_as_numbers() {
    has("## IV. Rights\n\n## V. Contact\n", &["IV", "4", "5"]);
    has("## A. Rights\n\n### 2. Access\n", &["A", "A.2", "1"]);
}

#[test]
fn a_text_tells_its_last_number_only_if_it_counts_without_a_gap() {
    assert_eq!(clauses("## 1. A\n\n## 2. B\n\n## 3. C\n").last(), Some(3));
    assert_eq!(clauses("## 1. A\n\n## 3. B\n\n## 4. C\n").last(), None);
    assert_eq!(clauses("## 1. A\n\n## 2. B\n\n## 3. C\n\n## 1. D\n").last(), None);
    let below = clauses("## 1. A\n\n1.1 One\n\n1.2 Two\n");
    assert_eq!((below.last_below("1"), below.last_below("2")), (Some(2), None));
    let items = clauses("## 1. A\n\nThere are:\n\n- x\n- y\n");
    assert_eq!(items.numbered("1").next().map(|clause| clause.items), Some(2));
}
