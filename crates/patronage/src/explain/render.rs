//! A working as text, Markdown, LaTeX and HTML.

use std::fmt::Write as _;

use super::expr::{escape_html, escape_latex};
use super::{Block, Expr, Working};

fn chain(sides: &[Expr], write: impl Fn(&Expr) -> String, equals: &str) -> String {
    sides.iter().map(write).collect::<Vec<_>>().join(equals)
}

impl Working {
    /// Plain text, a line a step.
    pub fn to_text(&self) -> String {
        let mut out = format!("{}\n{}\n", self.title, "=".repeat(width(&self.title)));
        for block in &self.blocks {
            match block {
                Block::Heading(text) => {
                    let _ = writeln!(out, "\n{text}\n{}", "-".repeat(width(text)));
                }
                Block::Text(text) => {
                    let _ = writeln!(out, "{text}");
                }
                Block::Equation(sides) => {
                    let _ = writeln!(out, "  {}", chain(sides, Expr::to_text, " = "));
                }
                Block::Table { header, rows } => text_table(&mut out, header, rows),
            }
        }
        out
    }

    /// Markdown, with formulas as LaTeX between dollar signs.
    pub fn to_markdown(&self) -> String {
        let mut out = format!("### {}\n", escape_markdown(&self.title));
        for block in &self.blocks {
            out.push('\n');
            match block {
                Block::Heading(text) => {
                    let _ = writeln!(out, "#### {}", escape_markdown(text));
                }
                Block::Text(text) => {
                    let _ = writeln!(out, "{}", escape_markdown(text));
                }
                Block::Equation(sides) => {
                    let _ = writeln!(out, "$${}$$", chain(sides, Expr::to_latex, " = "));
                }
                Block::Table { header, rows } => {
                    let line = |cells: &[String]| {
                        format!(
                            "| {} |\n",
                            cells.iter().map(|c| escape_markdown(c)).collect::<Vec<_>>().join(" | ")
                        )
                    };
                    out.push_str(&line(header));
                    let _ = writeln!(out, "|{}", " --- |".repeat(header.len()));
                    rows.iter().for_each(|row| out.push_str(&line(row)));
                }
            }
        }
        out
    }

    /// The body of a LaTeX document.
    pub fn to_latex(&self) -> String {
        let mut out = format!("\\subsection*{{{}}}\n", escape_latex(&self.title));
        for block in &self.blocks {
            match block {
                Block::Heading(text) => {
                    let _ = writeln!(out, "\\paragraph{{{}}}", escape_latex(text));
                }
                Block::Text(text) => {
                    let _ = writeln!(out, "{}\n", escape_latex(text));
                }
                Block::Equation(sides) => {
                    let _ = writeln!(out, "\\[{}\\]", chain(sides, Expr::to_latex, " = "));
                }
                Block::Table { header, rows } => {
                    let line = |cells: &[String]| {
                        cells.iter().map(|c| escape_latex(c)).collect::<Vec<_>>().join(" & ") + " \\\\\n"
                    };
                    let _ = writeln!(
                        out,
                        "\\begin{{tabular}}{{l{}}}",
                        "r".repeat(header.len().saturating_sub(1))
                    );
                    out.push_str(&line(header));
                    out.push_str("\\hline\n");
                    rows.iter().for_each(|row| out.push_str(&line(row)));
                    out.push_str("\\end{tabular}\n");
                }
            }
        }
        out
    }

    /// An HTML fragment, with formulas as MathML; every text is escaped.
    pub fn to_html(&self) -> String {
        let mut out = format!("<section class=\"patronage-working\"><h4>{}</h4>", escape_html(&self.title));
        for block in &self.blocks {
            match block {
                Block::Heading(text) => {
                    let _ = write!(out, "<h5>{}</h5>", escape_html(text));
                }
                Block::Text(text) => {
                    let _ = write!(out, "<p>{}</p>", escape_html(text));
                }
                Block::Equation(sides) => {
                    let _ = write!(
                        out,
                        "<p><math display=\"block\"><mrow>{}</mrow></math></p>",
                        chain(sides, Expr::to_mathml, "<mo>=</mo>")
                    );
                }
                Block::Table { header, rows } => {
                    let line = |cells: &[String], tag: &str| {
                        let cells: String =
                            cells.iter().map(|c| format!("<{tag}>{}</{tag}>", escape_html(c))).collect();
                        format!("<tr>{cells}</tr>")
                    };
                    let body: String = rows.iter().map(|row| line(row, "td")).collect();
                    let _ = write!(
                        out,
                        "<table><thead>{}</thead><tbody>{body}</tbody></table>",
                        line(header, "th")
                    );
                }
            }
        }
        out + "</section>"
    }
}

/// Columns of text on a terminal: Chinese characters are two wide.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| {
            if ('\u{1100}'..='\u{ffdc}').contains(&c) && !('\u{2000}'..='\u{2e7f}').contains(&c) {
                2
            } else {
                1
            }
        })
        .sum()
}

fn text_table(out: &mut String, header: &[String], rows: &[Vec<String>]) {
    let widths: Vec<usize> = (0..header.len())
        .map(|i| {
            let cells = rows.iter().filter_map(|row| row.get(i)).map(|c| width(c));
            cells.chain([width(&header[i])]).max().unwrap_or(0)
        })
        .collect();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let cells = row.iter().zip(&widths).map(|(c, &w)| format!("{c}{}", " ".repeat(w - width(c))));
        let _ = writeln!(out, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Working {
        Working::new("标题 <x>")
            .heading("Step 1")
            .text("beer & diapers")
            .equation([Expr::name("a"), Expr::number("1")])
            .table(vec!["item".into(), "n".into()], vec![vec!["啤酒|".into(), "4".into()]])
    }

    #[test]
    fn the_same_steps_in_every_form() {
        let w = sample();
        assert_eq!(
            w.to_text(),
            "标题 <x>\n========\n\nStep 1\n------\nbeer & diapers\n  a = 1\n  item   n\n  啤酒|  4\n"
        );
        assert!(w.to_markdown().contains("$$a = 1$$"));
        assert!(w.to_markdown().contains("| 啤酒\\| | 4 |"));
        assert!(w.to_latex().contains("\\[a = 1\\]"));
        let html = w.to_html();
        assert!(html.contains("<h4>标题 &lt;x&gt;</h4>") && html.contains("beer &amp; diapers"));
        assert!(html.contains("<td>啤酒|</td><td>4</td>"));
    }
}
