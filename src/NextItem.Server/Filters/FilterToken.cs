using System.Text;

namespace NextItem.Server.Filters;

/// <summary>What a token of a filter is.</summary>
internal enum FilterTokenKind
{
    Word,
    Text,
    Number,
    Sign,
    End,
}

/// <summary>A token of a filter.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A word, the content of quotes, a number, or a sign.</param>
/// <param name="Position">Its first character's, from 0.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Position)
{
    /// <summary>The tokens of a filter; the last one is its end.</summary>
    /// <exception cref="FormatException">A character belongs to none, or a quote is not closed.</exception>
    public static List<FilterToken> Read(string filter)
    {
        var tokens = new List<FilterToken>();
        for (var at = 0; at < filter.Length;)
        {
            var start = at;
            var first = filter[at];
            if (char.IsWhiteSpace(first))
                at++;
            else if (first == '\'')
                tokens.Add(new(FilterTokenKind.Text, Quoted(filter, ref at), start));
            else if (char.IsAsciiLetter(first))
                tokens.Add(new(FilterTokenKind.Word, While(filter, ref at, char.IsAsciiLetterOrDigit), start));
            else if (char.IsAsciiDigit(first))
                tokens.Add(new(FilterTokenKind.Number, While(filter, ref at, c => char.IsAsciiDigit(c) || c == '.'), start));
            else if (first is '(' or ')' or ',' or '=')
                tokens.Add(new(FilterTokenKind.Sign, filter[at++].ToString(), start));
            else if (first is '<' or '>' or '!')
                tokens.Add(new(FilterTokenKind.Sign, filter[start..(at += at + 1 < filter.Length && filter[at + 1] == '=' ? 2 : 1)], start));
            else
                throw new FormatException($"At character {at + 1} of the filter there is '{first}'; expected a field, a value in single quotes, a number, or a sign.");
        }

        tokens.Add(new(FilterTokenKind.End, "", filter.Length));
        return tokens;
    }

    private static string While(string filter, ref int at, Func<char, bool> holds)
    {
        var start = at;
        while (at < filter.Length && holds(filter[at]))
            at++;
        return filter[start..at];
    }

    private static string Quoted(string filter, ref int at)
    {
        var text = new StringBuilder();
        var start = at++;
        while (true)
        {
            if (at == filter.Length)
                throw new FormatException($"The quote at character {start + 1} of the filter is not closed.");
            if (filter[at] != '\'')
                text.Append(filter[at++]);
            else if (at + 1 < filter.Length && filter[at + 1] == '\'')
                (_, at) = (text.Append('\''), at + 2);
            else
                break;
        }

        at++;
        return text.ToString();
    }
}
