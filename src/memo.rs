//! Results by what they were made from. Never changes a result, only when it is computed.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const CAPACITY: usize = 512;

/// A bounded number of results. Whoever asks for one while it is being made waits for it, so that nothing is made twice at
/// the same time; what is made must not wait for other threads, therefore.
pub struct Memo<K, V> {
    generations: Mutex<Generations<K, V>>,
    capacity: usize,
}

type Slot<V> = Arc<Mutex<Option<Arc<V>>>>;

/// What was asked for lately, and what was asked for before that. When the first is full, the second is dropped.
struct Generations<K, V> {
    new: HashMap<K, Slot<V>>,
    old: HashMap<K, Slot<V>>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo::holding(CAPACITY)
    }
}

impl<K, V> Memo<K, V> {
    /// At most `capacity` results are kept, and at least half of them: those that were asked for last.
    pub fn holding(capacity: usize) -> Self {
        let generations = Generations { new: HashMap::new(), old: HashMap::new() };
        Memo { generations: Mutex::new(generations), capacity: (capacity / 2).max(1) }
    }
}

impl<K: Eq + Hash, V> Memo<K, V> {
    pub fn get<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        let slot = self.slot(key);
        // A panic elsewhere leaves an empty slot behind, never half a result.
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = slot.as_ref() {
            return Ok(value.clone());
        }
        let value = Arc::new(make()?);
        *slot = Some(value.clone());
        Ok(value)
    }

    fn slot(&self, key: K) -> Slot<V> {
        let generations = &mut *self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = generations.new.get(&key) {
            return slot.clone();
        }
        let slot = generations.old.remove(&key).unwrap_or_default();
        if generations.new.len() >= self.capacity {
            generations.old = std::mem::take(&mut generations.new);
        }
        generations.new.insert(key, slot.clone());
        slot
    }
}

/// Results that one pass over a center leaves for the next: what a pass did not ask for is dropped at its end, so that
/// there are never more than a center needs.
pub struct GenerationalCache<K, V> {
    kept: Mutex<HashMap<K, (u64, Arc<V>)>>,
    pass: AtomicU64,
}

impl<K, V> Default for GenerationalCache<K, V> {
    fn default() -> Self {
        GenerationalCache { kept: Mutex::default(), pass: AtomicU64::new(0) }
    }
}

impl<K: Eq + Hash, V> GenerationalCache<K, V> {
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
    use std::convert::Infallible;

    #[test]
    fn what_is_asked_for_again_is_kept_and_the_rest_is_bounded() {
        let memo: Memo<u32, u32> = Memo::holding(4);
        let made = AtomicU64::new(0);
        let get = |key| {
            let value = memo.get(key, || {
                made.fetch_add(1, Ordering::Relaxed);
                Ok::<_, Infallible>(key + 1)
            });
            *value.unwrap()
        };
        for key in 0..100 {
            assert_eq!((get(0), get(key)), (1, key + 1));
        }
        assert_eq!(made.load(Ordering::Relaxed), 100, "0 was asked for every time, and made once");
        let generations = memo.generations.lock().unwrap();
        assert!(generations.new.len() + generations.old.len() <= 4);
    }

    #[test]
    fn a_pass_keeps_what_it_used_and_makes_nothing_twice() {
        let passes: GenerationalCache<u8, u8> = GenerationalCache::default();
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
