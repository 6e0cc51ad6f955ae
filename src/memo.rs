//! Results by what they were made from. Never changes a result, only when it is computed.

use std::collections::HashMap;
use std::hash::Hash;
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
