using System.Globalization;

namespace NextItem.Server.Filters;

/// <summary>
/// Reads a filter. Grammar, keywords in any case: <c>or := and {OR and}; and := not {AND not}; not := NOT not | '(' or ')' | comparison;
/// comparison := field (= | != | &lt; | &lt;= | &gt; | &gt;=) value | field [NOT] IN '(' value {',' value} ')'</c>. Fields: itemId, title, category (of which an
/// item has several), events (of training). Text stands in single quotes, a quote in it twice.
/// </summary>
internal sealed class FilterParser
{
    /// <summary>Parentheses and NOTs within each other: a limit keeps a hostile filter from overflowing the stack.</summary>
    private const int Deepest = 50;

    private const string Fields = "itemId, title, category or events";

    private readonly List<FilterToken> _tokens;
    private int _next;
    private int _depth;

    private FilterParser(List<FilterToken> tokens) => _tokens = tokens;

    /// <summary>The condition that a text is.</summary>
    /// <exception cref="FormatException">It is no filter; the message says what was found where, and what was expected.</exception>
    public static Func<FilteredItem, bool> Parse(string text)
    {
        var parser = new FilterParser(FilterToken.Read(text));
        var condition = parser.Or();
        return parser.Peek.Kind == FilterTokenKind.End ? condition : throw parser.Expected("AND, OR or the end");
    }

    private FilterToken Peek => _tokens[_next];

    private Func<FilteredItem, bool> Or()
    {
        var left = And();
        while (TakeWord("OR"))
            left = Either(left, And());
        return left;

        static Func<FilteredItem, bool> Either(Func<FilteredItem, bool> a, Func<FilteredItem, bool> b) => item => a(item) || b(item);
    }

    private Func<FilteredItem, bool> And()
    {
        var left = Not();
        while (TakeWord("AND"))
            left = Both(left, Not());
        return left;

        static Func<FilteredItem, bool> Both(Func<FilteredItem, bool> a, Func<FilteredItem, bool> b) => item => a(item) && b(item);
    }

    private Func<FilteredItem, bool> Not()
    {
        if (++_depth > Deepest)
            throw new FormatException($"The filter has more than {Deepest} parentheses or NOTs within each other.");
        Func<FilteredItem, bool> condition;
        if (TakeWord("NOT"))
        {
            var inner = Not();
            condition = item => !inner(item);
        }
        else if (TakeSign("("))
        {
            condition = Or();
            Need(")");
        }
        else
        {
            condition = Comparison();
        }

        _depth--;
        return condition;
    }

    private Func<FilteredItem, bool> Comparison()
    {
        var field = Peek is { Kind: FilterTokenKind.Word } word ? word.Text : throw Expected(Fields);
        Func<FilteredItem, IEnumerable<string>> texts = field switch
        {
            "itemId" => item => [item.Key],
            "title" => item => item.Facts.Title is { } title ? [title] : [],
            "category" => item => item.Facts.Categories,
            "events" => item => [],
            _ => throw Expected(Fields),
        };
        _next++;
        var isNumber = field == "events";
        var isNot = TakeWord("NOT");
        if (TakeWord("IN"))
            return In(texts, isNumber, isNot);
        if (isNot || Peek is not { Kind: FilterTokenKind.Sign, Text: "=" or "!=" or "<" or "<=" or ">" or ">=" })
            throw Expected(isNot ? "IN" : "=, !=, <, <=, >, >=, IN or NOT IN");
        var sign = Peek.Text;
        if (!isNumber && sign is not ("=" or "!="))
            throw Expected($"=, !=, IN or NOT IN: {field} is text");
        _next++;
        if (isNumber)
        {
            var number = Number();
            return item => Holds(item.Events.CompareTo(number), sign);
        }

        var text = Text();
        return sign == "=" ? item => texts(item).Contains(text, StringComparer.Ordinal) : item => !texts(item).Contains(text, StringComparer.Ordinal);
    }

    private Func<FilteredItem, bool> In(Func<FilteredItem, IEnumerable<string>> texts, bool isNumber, bool isNot)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<double>();
        Need("(");
        do
        {
            if (isNumber)
                numbers.Add(Number());
            else
                values.Add(Text());
        }
        while (TakeSign(","));
        Need(")");
        return isNumber ? item => numbers.Contains(item.Events) != isNot : item => texts(item).Any(values.Contains) != isNot;
    }

    private static bool Holds(int order, string sign) => sign switch
    {
        "=" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };

    private double Number() => Peek.Kind == FilterTokenKind.Number && double.TryParse(Peek.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        ? Taken(number)
        : throw Expected("a number");

    private string Text() => Peek.Kind == FilterTokenKind.Text ? Taken(Peek.Text) : throw Expected("text in single quotes");

    private T Taken<T>(T value)
    {
        _next++;
        return value;
    }

    private bool TakeWord(string word) => Peek.Kind == FilterTokenKind.Word && Peek.Text.Equals(word, StringComparison.OrdinalIgnoreCase) && Taken(true);

    private bool TakeSign(string sign) => Peek.Kind == FilterTokenKind.Sign && Peek.Text == sign && Taken(true);

    private void Need(string sign)
    {
        if (!TakeSign(sign))
            throw Expected($"'{sign}'");
    }

    private FormatException Expected(string what) =>
        new($"At character {Peek.Position + 1} of the filter there is {(Peek.Kind == FilterTokenKind.End ? "its end" : $"'{(Peek.Text.Length > 50 ? Peek.Text[..50] + "..." : Peek.Text)}'")}; expected {what}.");
}
