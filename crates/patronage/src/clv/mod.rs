//! What customers are worth: textbook lifetime value and buy-till-you-die models.
