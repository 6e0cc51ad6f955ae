//! A register as CSV and as JSON.
//!
//! In: a register page of the plan. Out: its files in every language. Must not know: where the rows come from.

use super::{Renderer, api};
use crate::center::register::Value;
use crate::plan::outputs;
use crate::view::Output;
use crate::view::model::life;

pub fn files(renderer: &Renderer, page: usize) -> Vec<Output> {
    let plan = renderer.plan;
    let name = &plan.registers[page].register.name;
    let mut files = Vec::new();
    for language in plan.every_language() {
        let folder = format!("{}{name}/{name}", plan.prefix(language));
        files.push(Output::file(format!("{folder}.csv"), csv(renderer, language, page)));
        files.push(Output::file(format!("{folder}.json"), api::register(renderer, language, page)));
    }
    files.push(Output::file(outputs::register_rows(name), api::register(renderer, 0, page)));
    files
}

/// RFC 4180, with a header line; a cell that a spreadsheet would take for a formula is disarmed.
fn csv(renderer: &Renderer, language: usize, page: usize) -> Vec<u8> {
    let plan = renderer.plan;
    let own = &plan.languages()[language];
    let page = &plan.registers[page];
    let fields = page.register.filled_fields();
    let mut out = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.map(|cell| csv_cell(&cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    };
    line(&mut ["id".to_string(), "status".to_string()].into_iter().chain(fields.iter().cloned()));
    for row in &page.rows {
        let cells = fields.iter().map(|field| match row.row.value(field) {
            Some(Value::Date(date)) => date.to_string(),
            Some(Value::Url(url)) => url.clone(),
            Some(value) => page.register.words(own, field, value),
            None => String::new(),
        });
        line(&mut [row.row.id.clone(), life(row.life).to_string()].into_iter().chain(cells));
    }
    out.into_bytes()
}

fn csv_cell(text: &str) -> String {
    let armed = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if armed { format!("'{text}") } else { text.to_string() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::csv_cell;

    #[test]
    fn csv_cells_are_quoted_and_disarmed() {
        assert_eq!(csv_cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("plain"), "plain");
    }
}
