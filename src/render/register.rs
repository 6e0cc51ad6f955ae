//! A register as a page, as CSV and as JSON.
//!
//! In: a register page of the plan. Out: its files in every language. Must not know: where the rows come from.

use super::lists::feed_link;
use super::{OutputFiles, Renderer, api, feeds};
use crate::error::Result;
use crate::plan::address;
use crate::plan::view::{RegisterView, life};
use crate::plan::views::Place;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    register: RegisterView,
}

impl Renderer<'_, '_> {
    pub(super) fn register(&self, page: usize) -> Result<OutputFiles> {
        let plan = self.plan;
        let register_page = &plan.registers[page];
        let name = &register_page.register.name;
        let everywhere = plan.every_language();
        let place = address::register(name);
        let mut made = OutputFiles::new();
        for language in plan.every_language() {
            let prefix = plan.prefix(language);
            let mut view = plan.register(language, register_page);
            for (change, at) in view.history.iter_mut().zip(register_page.history.iter().rev()) {
                change.sentences = self.register_told(language, *at, name)?;
            }
            let feed = feeds::Feed::of_register(self, language, &view)?;
            made.push((format!("{prefix}{name}/feed.xml"), feed.atom()));
            made.push((format!("{prefix}{name}/feed.json"), feed.json()));
            made.push((format!("{prefix}{name}/{name}.csv"), self.csv(language, page)));
            made.push((format!("{prefix}{name}/{name}.json"), api::register(self, language, page)));
            let mut own = plan.page("register", Place { language, address: &place }, view.title.clone(), &everywhere);
            own.description = view.description.clone();
            own.links = vec![feed_link("application/atom+xml", view.feed_href.clone())];
            let bytes = self.html("register.html", language, &place, own, Page { register: view })?;
            made.push((plan.page_path(language, &place), bytes));
        }
        made.push((format!("api/v1/registers/{name}.json"), api::register(self, 0, page)));
        Ok(made)
    }

    /// RFC 4180, with a header line; a cell that a spreadsheet would take for a formula is disarmed.
    fn csv(&self, language: usize, page: usize) -> Vec<u8> {
        let plan = self.plan;
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
                Some(crate::center::register::Value::Date(date)) => date.to_string(),
                Some(crate::center::register::Value::Url(url)) => url.clone(),
                Some(value) => page.register.words(own, field, value),
                None => String::new(),
            });
            line(&mut [row.row.id.clone(), life(row.life).to_string()].into_iter().chain(cells));
        }
        out.into_bytes()
    }
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
