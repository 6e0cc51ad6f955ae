//! Printing for commands. Every `print!`, `println!`, `eprint!` and `eprintln!` of a command is one of these.
//!
//! In: text. Out: standard output and standard error, in color where that is wanted. Must not know: what is said.
//!
//! A reader such as `head` that has read enough closes the pipe: then a command ends quietly. Messages on standard error
//! that cannot be written are dropped, because no command may stop halfway through its work for want of a reader.

use crate::error::{Error, Result};
use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Writes to standard output.
pub fn out(text: Arguments) {
    if let Err(error) = anstream::stdout().write_fmt(text) {
        end(&error);
    }
}

/// Writes to standard error.
pub fn tell(text: Arguments) {
    let _ = anstream::stderr().write_fmt(text);
}

/// Writes bytes, such as a file, to standard output.
pub fn bytes(bytes: &[u8]) -> Result<()> {
    let written = io::stdout().write_all(bytes).and_then(|()| io::stdout().flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::io("write", "standard output", error)),
        _ => Ok(()),
    }
}

/// Writes what is left in the buffer of standard output.
pub fn finish() {
    if let Err(error) = io::stdout().flush() {
        end(&error);
    }
}

/// Ends the program after a failed write to standard output: quietly if nobody reads it anymore.
fn end(error: &io::Error) {
    if error.kind() == ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    tell(format_args!("error: cannot write to standard output: {error}\n"));
    std::process::exit(2);
}

macro_rules! to_output {
    ($($text:tt)*) => { $crate::command::console::out(format_args!($($text)*)) };
}
macro_rules! line_to_output {
    () => { $crate::command::console::out(format_args!("\n")) };
    ($($text:tt)*) => { $crate::command::console::out(format_args!("{}\n", format_args!($($text)*))) };
}
macro_rules! to_error {
    ($($text:tt)*) => { $crate::command::console::tell(format_args!($($text)*)) };
}
macro_rules! line_to_error {
    () => { $crate::command::console::tell(format_args!("\n")) };
    ($($text:tt)*) => { $crate::command::console::tell(format_args!("{}\n", format_args!($($text)*))) };
}
pub(crate) use {line_to_error as eprintln, line_to_output as println, to_error as eprint, to_output as print};
