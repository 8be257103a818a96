//! Sums over the segments of a signal, whose bits do not depend on who added which of them.

use hexad_core::Sum;

use crate::SpectralError;

/// Segments added plainly before they become a block of the tree. They are counted from the first sample, so that the
/// bits of a sum do not depend on how the samples come.
pub(crate) const SEGMENTS_IN_BLOCK: usize = 64;

/// Sums over the segments of a stretch of a signal, made by [`crate::WelchPlan::sums`] or [`crate::CrossPlan::sums`].
///
/// Blocks of [`SegmentSums::BLOCK`] segments, numbered from the first sample of the signal, are added as a binary tree
/// of which a stretch holds the whole nodes: about two for each doubling of its length. Stretches joined in order,
/// cut between any blocks and joined by anyone, have the bits of the whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SegmentSums {
    pub(crate) tree: Tree,
    pub(crate) segments: u64,
}

impl SegmentSums {
    /// Stretches begin at segments whose number is a multiple of this.
    pub const BLOCK: usize = SEGMENTS_IN_BLOCK;

    /// Segments summed.
    #[must_use]
    pub fn segments(&self) -> u64 {
        self.segments
    }

    /// Takes in the stretch that follows.
    ///
    /// # Errors
    ///
    /// [`SpectralError::NotNeighbours`] unless `next` begins with the block behind the last of these, which is whole;
    /// [`SpectralError::DifferentPlans`] for sums over another number of bins.
    pub fn append(&mut self, next: &Self) -> Result<(), SpectralError> {
        let is_whole = self.segments.is_multiple_of(SEGMENTS_IN_BLOCK as u64);
        if !is_whole || self.tree.next != next.tree.first() {
            return Err(SpectralError::NotNeighbours { wanted: self.tree.next, got: next.tree.first() });
        }
        if self.tree.width() != next.tree.width() {
            return Err(SpectralError::DifferentPlans);
        }
        self.tree.append(&next.tree);
        self.segments += next.segments;
        Ok(())
    }

    /// All of it as numbers, from which [`SegmentSums::from_numbers`] makes it again somewhere else.
    #[must_use]
    pub fn to_numbers(&self) -> Vec<f64> {
        let head = [self.tree.first() as f64, self.segments as f64];
        let sums = self.tree.nodes.iter().flat_map(|node| node.sums.iter().flat_map(|sum| sum.parts()));
        head.into_iter().chain(sums).collect()
    }

    /// What [`SegmentSums::to_numbers`] wrote.
    ///
    /// # Errors
    ///
    /// [`SpectralError::NotSums`] for anything else.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
    pub fn from_numbers(numbers: &[f64]) -> Result<Self, SpectralError> {
        let is_count = |value: f64| (0.0..=2.0_f64.powi(53)).contains(&value) && value.fract() == 0.0;
        let Some(([first, segments], sums)) = numbers.split_first_chunk::<2>() else {
            return Err(SpectralError::NotSums);
        };
        if !is_count(*first) || !is_count(*segments) || *segments == 0.0 {
            return Err(SpectralError::NotSums);
        }
        let (first, segments) = (*first as u64, *segments as u64);
        let next = first + segments.div_ceil(SEGMENTS_IN_BLOCK as u64);
        let places = whole_nodes(first, next);
        let (pairs, rest) = sums.as_chunks::<2>();
        if !rest.is_empty() || pairs.is_empty() || !pairs.len().is_multiple_of(places.len()) {
            return Err(SpectralError::NotSums);
        }
        let nodes = places.iter().zip(pairs.chunks(pairs.len() / places.len()));
        let node = |((first, level), pairs): (&(u64, u32), &[[f64; 2]])| Node {
            first: *first,
            level: *level,
            sums: pairs.iter().map(|parts| Sum::from_parts(*parts)).collect(),
        };
        let tree = Tree { nodes: nodes.map(node).collect(), next, spare: Vec::new() };
        Ok(Self { tree, segments })
    }
}

/// Sums of numbered blocks: over the largest pieces of 2^level blocks, from a multiple of it on, that are whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    /// Number of the block that follows.
    next: u64,
    spare: Vec<Vec<Sum>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Node {
    first: u64,
    level: u32,
    sums: Vec<Sum>,
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.nodes == other.nodes && self.next == other.next
    }
}

impl Tree {
    /// Without blocks; the next one is block `first`.
    pub(crate) fn clear(&mut self, first: u64) {
        self.spare.extend(self.nodes.drain(..).map(|node| node.sums));
        self.next = first;
    }

    /// Takes in the next block.
    pub(crate) fn push(&mut self, values: impl Iterator<Item = f64>) {
        let mut sums = self.emptied();
        sums.extend(values.map(Sum::of));
        self.place(Node { first: self.next, level: 0, sums });
        self.next += 1;
    }

    /// The number of the first block.
    fn first(&self) -> u64 {
        self.nodes.first().map_or(self.next, |node| node.first)
    }

    /// Numbers of a block.
    pub(crate) fn width(&self) -> usize {
        self.nodes.first().map_or(0, |node| node.sums.len())
    }

    /// Takes in the blocks that follow.
    fn append(&mut self, next: &Self) {
        next.nodes.iter().for_each(|node| self.place(node.clone()));
        self.next = next.next;
    }

    /// Writes the sums over all blocks.
    pub(crate) fn total_into(&self, out: &mut Vec<Sum>) {
        out.clear();
        let Some((last, before)) = self.nodes.split_last() else { return };
        out.extend_from_slice(&last.sums);
        for node in before.iter().rev() {
            for (sum, left) in out.iter_mut().zip(&node.sums) {
                sum.merge(*left);
            }
        }
    }

    /// Adds a node behind the others, and twins into their parents.
    fn place(&mut self, mut node: Node) {
        while let Some(mut twin) = self.nodes.pop_if(|last| last.is_left_twin_of(&node)) {
            for (sum, right) in twin.sums.iter_mut().zip(&node.sums) {
                sum.merge(*right);
            }
            twin.level += 1;
            self.spare.push(std::mem::replace(&mut node, twin).sums);
        }
        self.nodes.push(node);
        // So that taking all of them back does not allocate.
        self.spare.reserve(self.nodes.len());
    }

    fn emptied(&mut self) -> Vec<Sum> {
        let mut sums = self.spare.pop().unwrap_or_default();
        sums.clear();
        sums
    }
}

impl Node {
    fn is_left_twin_of(&self, right: &Self) -> bool {
        self.level == right.level && self.first.is_multiple_of(2 << self.level)
    }
}

/// First block and level of the nodes that blocks `first..next` make.
fn whole_nodes(first: u64, next: u64) -> Vec<(u64, u32)> {
    let (mut nodes, mut at) = (Vec::new(), first);
    while at < next {
        let level = at.trailing_zeros().min((next - at).ilog2());
        nodes.push((at, level));
        at += 1 << level;
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::Random;

    fn tree(values: &[f64], blocks: std::ops::Range<usize>) -> SegmentSums {
        let mut tree = Tree::default();
        tree.clear(blocks.start as u64);
        values[blocks.clone()].iter().for_each(|value| tree.push([*value, -value].into_iter()));
        SegmentSums { tree, segments: (blocks.len() * SEGMENTS_IN_BLOCK) as u64 }
    }

    #[test]
    fn stretches_joined_by_anyone_are_the_whole() {
        let values = Random::new(1).vector(100, -1.0, 1.0);
        let whole = tree(&values, 0..100);
        for cuts in [[1, 2], [7, 64], [31, 33], [50, 99], [16, 48]] {
            let parts =
                [tree(&values, 0..cuts[0]), tree(&values, cuts[0]..cuts[1]), tree(&values, cuts[1]..100)];
            let mut from_left = parts[0].clone();
            from_left.append(&parts[1]).unwrap();
            from_left.append(&parts[2]).unwrap();
            let mut right = parts[1].clone();
            right.append(&parts[2]).unwrap();
            let mut from_right = parts[0].clone();
            from_right.append(&right).unwrap();
            assert_eq!((&from_left, &from_right), (&whole, &whole), "{cuts:?}");
            for part in parts {
                assert_eq!(SegmentSums::from_numbers(&part.to_numbers()).unwrap(), part);
            }
        }
    }

    #[test]
    fn strangers_are_refused() {
        let values = Random::new(2).vector(10, -1.0, 1.0);
        let mut first = tree(&values, 0..4);
        assert!(matches!(first.append(&tree(&values, 5..10)), Err(SpectralError::NotNeighbours { .. })));
        for numbers in [&[][..], &[0.0, 64.0], &[0.5, 64.0, 1.0, 0.0], &[0.0, 192.0, 1.0, 0.0]] {
            assert!(matches!(SegmentSums::from_numbers(numbers), Err(SpectralError::NotSums)), "{numbers:?}");
        }
    }
}
