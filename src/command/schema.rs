//! `fineprint schema`: JSON Schemas for editors. In: the name of a kind of file. Out: its schema. Must not know: any site.

use super::Outcome;
use crate::command::console::{print, println};
use crate::error::{Error, Result};
use crate::render::pretty;
use crate::schema;

pub fn run(name: Option<&str>) -> Result<Outcome> {
    match name {
        None => schema::names().into_iter().for_each(|name| println!("{name}")),
        Some(name) => match schema::schema(name) {
            Some(schema) => print!("{}", String::from_utf8_lossy(&pretty(&schema))),
            None => {
                let known = schema::names().join(", ");
                return Err(Error::refused(format!("there is no schema `{name}`; the schemas are {known}")));
            }
        },
    }
    Ok(Outcome::Done)
}
