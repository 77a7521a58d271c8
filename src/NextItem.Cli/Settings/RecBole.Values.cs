using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace NextItem.Cli.Settings;

/// <content>Fields that belong elsewhere, and values as they are read.</content>
internal sealed partial class RecBole
{
    private static readonly Dictionary<string, string> s_elsewhere = new(StringComparer.Ordinal)
    {
        ["USER_ID_FIELD"] = "train --session-column, with the type as it stands in the file: user_id:token",
        ["ITEM_ID_FIELD"] = "train --item-column, with the type as it stands in the file: item_id:token",
        ["TIME_FIELD"] = "train --time-column, with the type as it stands in the file: timestamp:float",
        ["topk"] = "evaluate --cutoffs",
        ["metrics"] = "evaluate --metrics",
        ["eval_args"] = "prepare --split; evaluate ranks among all items (mode full)",
        ["repeatable"] = "recommend --exclude-seen is the opposite",
        ["min_item_inter_num"] = "prepare --min-item-support",
        ["item_inter_num_interval"] = "prepare --min-item-support",
        ["min_user_inter_num"] = "prepare",
        ["user_inter_num_interval"] = "prepare",
        ["dataset"] = "train --data",
        ["data_path"] = "train --data",
        ["load_col"] = "nothing to set: three columns are read",
        ["checkpoint_dir"] = "train --checkpoint",
        ["gpu_id"] = "nothing to choose: the CPU, --threads",
        ["use_gpu"] = "nothing to choose: the CPU, --threads",
        ["device"] = "nothing to choose: the CPU, --threads",
        ["reproducibility"] = "always: the same seed and threads give the same bytes",
        ["state"] = "nothing to set",
        ["show_progress"] = "nothing to set",
        ["loss_decimal_place"] = "nothing to set",
        ["metric_decimal_place"] = "nothing to set",
        ["eval_batch_size"] = "nothing to set",
        ["valid_metric_bigger"] = "nothing to set: larger is better",
        ["field_separator"] = "nothing to set: found out",
    };

    private void Tell(string name, string value, (string, string)[] settings, string note = "", bool hasNoCounterpart = false)
    {
        _told.Add(name);
        _fields.Add(new RecBoleField(name, value, !_file.Has(name), settings, note) { HasNoCounterpart = hasNoCounterpart });
    }

    private long Whole(string name, long standard, long least)
    {
        if (_file[name] is not { } value)
            return standard;
        if (long.TryParse(RecBoleFile.TextOf(value), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= int.MaxValue)
            return number;
        AddFault(name, $"a whole number of at least {Text(least)}");
        return standard;
    }

    private double Real(string name, double standard, Func<double, bool> isFine, string expected)
    {
        if (_file[name] is not { } value)
            return standard;
        if (double.TryParse(RecBoleFile.TextOf(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && isFine(number))
            return number;
        AddFault(name, expected);
        return standard;
    }

    private string Word(string name, string standard, params string[] words)
    {
        if (_file[name] is not { } value)
            return standard;
        if (Array.Find(words, word => word.Equals(RecBoleFile.TextOf(value), StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        AddFault(name, $"one of {string.Join(", ", words)}");
        return standard;
    }

    /// <summary>A field is read where it is needed, which may be twice.</summary>
    private void AddFault(string name, string expected)
    {
        var fault = _file.Fault(name, expected).Message;
        if (!_faults.Contains(fault))
            _faults.Add(fault);
    }

    private static string? Inner(YamlNode node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var value) ? RecBoleFile.TextOf(value) : null;

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
