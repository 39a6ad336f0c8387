//! How many rows one statement of the log's writer carries.

/// Few lengths, the greatest first: a statement that was prepared is kept and used again, where one of a new length would
/// be prepared anew for each batch. 28 values of each row must stay under SQLite's limit of bound values.
const LENGTHS: [usize; 4] = [128, 32, 8, 1];

/// The rows in parts of these lengths, in their order.
pub(super) fn statements<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = LENGTHS.into_iter().find(|length| *length <= rows.len())?;
        let (part, left) = rows.split_at_checked(length)?;
        rows = left;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_in_one_part_and_parts_have_few_lengths() {
        for count in 0..=600 {
            let rows: Vec<usize> = (0..count).collect();
            let parts: Vec<&[usize]> = statements(&rows).collect();
            assert_eq!(parts.concat(), rows);
            assert!(parts.iter().all(|part| LENGTHS.contains(&part.len())), "{count}");
            assert!(parts.len() <= 16, "{count}: {}", parts.len());
        }
    }
}
