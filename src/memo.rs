//! Results by what they were made from. Never changes a result, only when it is computed.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const CAPACITY: usize = 512;

pub struct Memo<K, V> {
    kept: Mutex<HashMap<K, Arc<V>>>,
    capacity: usize,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo::holding(CAPACITY)
    }
}

impl<K, V> Memo<K, V> {
    /// So many are kept; then all are dropped at once, which bounds memory without bookkeeping.
    pub fn holding(capacity: usize) -> Self {
        Memo { kept: Mutex::default(), capacity }
    }
}

impl<K: Eq + Hash, V> Memo<K, V> {
    pub fn get<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        // A panic elsewhere leaves complete entries behind: nothing is half-made under the lock.
        if let Some(value) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(value.clone());
        }
        let value = Arc::new(make()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.capacity {
            kept.clear();
        }
        kept.insert(key, value.clone());
        Ok(value)
    }
}

/// Results that one pass over a center leaves for the next: what a pass did not ask for is dropped at its end, so that
/// there are never more than a center needs.
pub struct Passes<K, V> {
    kept: Mutex<HashMap<K, (u64, Arc<V>)>>,
    pass: AtomicU64,
}

impl<K, V> Default for Passes<K, V> {
    fn default() -> Self {
        Passes { kept: Mutex::default(), pass: AtomicU64::new(0) }
    }
}

impl<K: Eq + Hash, V> Passes<K, V> {
    pub fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        let pass = self.pass.load(Ordering::Relaxed);
        if let Some((used, value)) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&key) {
            *used = pass;
            return value.clone();
        }
        // Made outside the lock: documents are read by all processors.
        let value = Arc::new(make());
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (pass, value.clone()));
        value
    }

    /// Ends a pass: everything that it did not use is dropped.
    pub fn end(&self) {
        let pass = self.pass.fetch_add(1, Ordering::Relaxed);
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, (used, _)| *used == pass);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_keeps_what_it_used_and_makes_nothing_twice() {
        let passes: Passes<u8, u8> = Passes::default();
        let made = AtomicU64::new(0);
        let get = |key| {
            *passes.get(key, || {
                made.fetch_add(1, Ordering::Relaxed);
                key + 1
            })
        };
        assert_eq!((get(1), get(2), get(1)), (2, 3, 2));
        assert_eq!(made.load(Ordering::Relaxed), 2);
        passes.end();
        get(1);
        passes.end();
        assert_eq!((get(1), get(2)), (2, 3));
        assert_eq!(made.load(Ordering::Relaxed), 3, "the second pass did not use 2");
    }
}
