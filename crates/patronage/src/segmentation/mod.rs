//! Who the customers are: RFM, pyramid, life cycle; everything here is computed from data (for trees of choices and chances see [`crate::decision`]).
