using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace CourseKit.Charts;

public sealed partial class Figure
{
    /// <summary>A whole page with this figure, which needs no network: plotly.js is in it where this build carries it (else it is linked).</summary>
    public string ToPage()
    {
        string script = PlotlyScript.IsEmbedded
            ? $"<script>{PlotlyScript.Read()}</script>"
            : $"<script src=\"{PlotlyScript.CdnUrl}\"></script>";
        string title = WebUtility.HtmlEncode((layout["title"] as System.Text.Json.Nodes.JsonObject)?["text"].AsText() ?? "Figure");
        return $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{title}}</title>
            <style>body { margin: 16px; background: #fff } @media (prefers-color-scheme: dark) { body { background: #151515 } }</style>
            {{script}}
            </head><body>
            {{ToHtml()}}</body></html>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>
    /// Saves the figure as what the file's name ends in: .html, a page that works offline; .json, Plotly's JSON, which
    /// <see cref="FromJson"/> reads; .png or .svg, a still picture on white, drawn by a Chromium, Chrome or Edge that is
    /// installed on this machine. Of an animation a picture holds the first frame.
    /// </summary>
    /// <param name="path">Where to save it.</param>
    /// <param name="width">The width of a picture in pixels; a .png has twice as many, for sharp print.</param>
    /// <exception cref="ArgumentException">The name ends in none of these.</exception>
    /// <exception cref="InvalidOperationException">A picture was asked for, and there is no browser or no plotly.js to draw it.</exception>
    /// <example><code>figure.Save("loss.png", width: 800)</code></example>
    public void Save(string path, int width = 900)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        string ending = Path.GetExtension(path).ToUpperInvariant();
        switch (ending)
        {
            case ".HTML" or ".HTM":
                File.WriteAllText(path, ToPage());
                break;
            case ".JSON":
                File.WriteAllText(path, ToJson());
                break;
            case ".PNG" or ".SVG":
                File.WriteAllBytes(path, Drawn(ending[1..].ToLowerInvariant(), width));
                break;
            default:
                throw new ArgumentException($"A figure is saved as .html, .json, .png or .svg, but the name is {Path.GetFileName(path)}.", nameof(path));
        }
    }

    private byte[] Drawn(string format, int width)
    {
        if (Chromium.Path is null)
            throw new InvalidOperationException(Chromium.Absence);
        if (!PlotlyScript.IsEmbedded)
            throw new InvalidOperationException("A picture is drawn by plotly.js without the network, and this build does not carry it, because neither a package feed nor npm had it at build time: save the figure as .html or .json.");
        string folder = Directory.CreateTempSubdirectory("coursekit-picture-").FullName;
        try
        {
            string page = Path.Combine(folder, "figure.html");
            string pixels = width.ToString(CultureInfo.InvariantCulture), height = Height.ToString("0", CultureInfo.InvariantCulture);
            // On white, with black text: a picture lands in print and in slides.
            File.WriteAllText(page, $$"""
                <!doctype html><html data-theme="light"><meta charset="utf-8"><body style="margin:0;width:{{pixels}}px"><script>{{PlotlyScript.Read()}}</script>
                {{ToHtml()}}
                <pre id="picture"></pre>
                <script>
                (async () => {
                  const target = document.querySelector('.coursekit-figure');
                  const out = document.getElementById('picture');
                  try {
                    while (!target._fullLayout) await new Promise(resolve => setTimeout(resolve, 20));
                    await Plotly.relayout(target, { paper_bgcolor: '#ffffff' });
                    const size = target._fullLayout;
                    out.textContent = await Plotly.toImage(target, { format: '{{format}}', width: size.width || {{pixels}}, height: size.height || {{height}}, scale: {{(format == "png" ? 2 : 1)}} });
                  } catch (error) { out.textContent = 'error: ' + error; }
                })();
                </script></body></html>
                """);
            string document = Chromium.Open(page, Path.Combine(folder, "profile"));
            string picture = WebUtility.HtmlDecode(PicturePart().Match(document).Groups[1].Value);
            if (picture.StartsWith("data:image/png;base64,", StringComparison.Ordinal))
                return Convert.FromBase64String(picture["data:image/png;base64,".Length..]);
            if (picture.StartsWith("data:image/svg+xml,", StringComparison.Ordinal))
                return System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(picture["data:image/svg+xml,".Length..]));
            throw new InvalidOperationException($"{Chromium.Path} did not draw the figure ({(picture.Length == 0 ? "it gave no answer" : picture[..Math.Min(200, picture.Length)])}): try again, or save it as .html.");
        }
        finally
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // The browser may still be writing its profile; a temporary folder left behind harms nobody.
            }
        }
    }

    [GeneratedRegex("<pre id=\"picture\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex PicturePart();
}
