//! `fineprint receipts --verify FILE`: whether receipts of acceptances are what the record says, offline.
//!
//! In: a file of receipts: a JSON array, one object, or an object on each line. Out: what does not fit, with its place. Must not
//! know: who accepted.

use super::{Outcome, counted, read_site};
use crate::acceptance::Receipt;
use crate::cli::Receipts;
use crate::command::console::eprintln;
use crate::error::{Error, Result};
use crate::source::read_text;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

pub fn run(site_folder: &Path, arguments: Receipts) -> Result<Outcome> {
    let text =
        if arguments.verify == Path::new("-") { crate::source::read_stdin()? } else { read_text(&arguments.verify)? };
    let receipts = receipts(&text).map_err(|error| {
        Error::refused(format!("`{}` does not contain receipts: {error}", arguments.verify.display()))
    })?;
    let site = read_site(site_folder, &arguments.as_of)?;
    let now = Timestamp::now();
    let mut wrong = 0;
    // How many receipts count for the version in force, and how many do not, by document.
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (place, receipt) in receipts {
        let receipt = serde_json::from_value::<Receipt>(receipt).map_err(|error| error.to_string());
        let verdict = receipt.and_then(|receipt| {
            let verdict = receipt.verify(&site.center, &site.timeline, now)?;
            Ok((receipt, verdict))
        });
        match verdict {
            Ok((receipt, verdict)) => {
                let count = counts.entry(receipt.document).or_default();
                if verdict.counts {
                    count.0 += 1;
                } else {
                    count.1 += 1;
                }
            }
            Err(error) => {
                wrong += 1;
                eprintln!("WRONG  {place}: {error}");
            }
        }
    }
    for (document, (counting, past)) in &counts {
        eprintln!(
            "{document}: {} for the version in force as of {}, {past} for an earlier or later one.",
            counted(*counting, "acceptance counts", "acceptances count"),
            site.timeline.date
        );
    }
    if wrong == 0 {
        eprintln!("Every receipt is what the record says. It does not show who accepted.");
        return Ok(Outcome::Done);
    }
    eprintln!("{} not fit the record.", counted(wrong, "receipt does", "receipts do"));
    Ok(Outcome::Findings)
}

/// Each receipt with its place: a line of the file, or its number in the array.
fn receipts(text: &str) -> std::result::Result<Vec<(String, Value)>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Array(receipts)) => {
            return Ok((1..).zip(receipts).map(|(number, receipt)| (format!("receipt {number}"), receipt)).collect());
        }
        Ok(receipt @ Value::Object(_)) => return Ok(vec![("receipt 1".to_string(), receipt)]),
        Ok(_) => return Err("it is neither an object nor an array".to_string()),
        Err(_) => {}
    }
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let read = lines.map(|(number, line): (usize, &str)| {
        let receipt = serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))?;
        Ok((format!("line {number}"), receipt))
    });
    let read: Vec<_> = read.collect::<std::result::Result<_, String>>()?;
    if read.is_empty() { Err("it is empty".to_string()) } else { Ok(read) }
}
