//! What customers buy together: frequent, closed and maximal itemsets, and association rules.
