# test/links.pl
#
# perl test/links.pl FILE.md...: the links of these pages lead to files and headings that are there; prints those that do not.
# A heading's anchor is as GitHub makes it.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Basename;
use File::Spec;

my %page;	# by path: text without code, anchors
sub page {
	my $path = shift;
	return $page{$path} if $page{$path};
	open my $file, '<', $path or die "$path: $!\n";
	my ($text, $fenced, %anchors, %times) = ('', 0);
	while (<$file>) {
		$fenced = !$fenced, next if /^```/;
		next if $fenced;
		if (/^#+ +(.*?)\s*$/) {
			my $anchor = lc $1;
			$anchor =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
			$anchor =~ s/[^\w\- ]//g;
			$anchor =~ tr/ /-/;
			$anchors{$times{$anchor}++ ? "$anchor-" . ($times{$anchor} - 1) : $anchor} = 1;
		}
		s/(`+)(.+?)\1/$1/g;	# a link's words may be code, its target is not
		$text .= $_;
	}
	return $page{$path} = { text => $text, anchors => \%anchors };
}

my ($links, $bad) = (0, 0);
for my $from (@ARGV) {
	my $text = page($from)->{text};
	while ($text =~ /\]\(([^()\s]+)\)/g) {
		my ($path, $anchor) = split /#/, $1, 2;
		next if $path =~ /^(https?|mailto):/;
		$links++;
		my $to = $path eq '' ? $from : File::Spec->catfile(dirname($from), $path);
		1 while $to =~ s{(^|/)(?!\.\./)[^/]+/\.\./}{$1};
		$to =~ s{^\./}{};
		if (!-e $to) { print "$from: there is no $to\n"; $bad++ }
		elsif (defined $anchor && $to =~ /\.md$/ && !page($to)->{anchors}{$anchor}) { print "$from: $to has no heading #$anchor\n"; $bad++ }
	}
}
print "$links links\n";
exit($bad > 0 || $links == 0);
